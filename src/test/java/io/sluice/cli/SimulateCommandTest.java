package io.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateCommandTest {

    private static final String SEE = "; see 'sluice simulate --help'";

    /** Calls the model so many times, one after the other. */
    private static List<Integer> call(String baseUrl, int times) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        List<Integer> statuses = new ArrayList<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + "/chat/completions"))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"m\",\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"))
                .build();
        for (int i = 0; i < times; i++) {
            statuses.add(client.send(request, BodyHandlers.discarding()).statusCode());
        }
        return statuses;
    }

    @Test
    void itServesTellsWhereAndReportsAtTheEnd() throws Exception {
        PipedInputStream printed = new PipedInputStream();
        OutputStream out = new PipedOutputStream(printed);
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> {
            PrintWriter print = new PrintWriter(out, true, UTF_8);
            int ended = Main.run(
                    Main.commandLine(print, print),
                    "simulate",
                    "--rpm",
                    "3",
                    "--kind",
                    "bucket",
                    "--window",
                    "1h",
                    "--fault",
                    "503@nth:2",
                    "--latency",
                    "1ms..2ms",
                    "--for",
                    "5s");
            print.close();
            return ended;
        });
        try (Scanner lines = new Scanner(printed, UTF_8)) {
            String openAi = lines.nextLine();
            assertThat(openAi).matches("OpenAI: {4}http://127\\.0\\.0\\.1:\\d+/v1");
            assertThat(lines.nextLine()).isEqualTo("Anthropic: " + openAi.substring(11, openAi.length() - 3));
            assertThat(call(openAi.substring(11), 4)).containsExactly(200, 503, 200, 429);
            assertThat(lines.nextLine()).matches("admitted 2, refused 1, failed 1, tokens \\d+, at most 1 in flight");
            assertThat(lines.nextLine()).startsWith("m: at most 3 requests, ");
        }
        assertThat(code.get(1, TimeUnit.MINUTES)).isZero();
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ran ran = Ran.sluice("simulate", "--port", String.valueOf(taken.getLocalPort()));
            assertThat(ran.err()).startsWith("sluice: the simulator cannot open a port of this machine: ");
            assertThat(ran.err()).contains(String.valueOf(taken.getLocalPort())).hasLineCount(1);
            assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rpm | 0 | requests must be between 1 and 2^60, was 0",
                "--port | 70000 | port must be between 0 and 65535, was 70000",
                "--latency | 2s..1s | latency must be between 0 and a day, the shorter first, was PT2S to PT1S",
                "--latency | soon | Invalid value for option '--latency': 'soon' is not a time; write it as 60s, 1m30s, 0.5s or 500ms",
                "--fault | 503@now:1 | Invalid value for option '--fault' (<faults>): '503@now:1': say when as first:3, nth:3, every:10 or 5%",
                "--fault | quota:1 | Invalid value for option '--fault' (<faults>): 'quota:1': nothing can follow its name but @ and when",
            })
    void aWrongValueIsNamed(String option, String value, String message) {
        Ran ran = Ran.sluice("simulate", option, value);
        assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err().strip())
                .startsWith("sluice: " + message.substring(0, 20))
                .endsWith(SEE);
        assertThat(ran.err()).contains(message.substring(message.lastIndexOf(": ") + 2));
    }

    @ParameterizedTest
    @CsvSource({
        "503, 'Fault[STATUS 503]'",
        "429, 'Fault[RATE_LIMITED 429]'",
        "429:2s, 'Fault[RATE_LIMITED 429 PT2S]'",
        "quota@5%, 'Fault[INSUFFICIENT_QUOTA 429]'",
        "slow-down@every:10, 'Fault[SLOW_DOWN 429]'",
        "reset, 'Fault[RESET_BEFORE_HEADERS]'",
        "reset-after-headers, 'Fault[RESET_AFTER_HEADERS]'",
        "cut:3, 'Fault[CUT 3]'",
        "stream-error:4@first:2, 'Fault[ERROR_IN_STREAM 4]'",
        "slow:500ms, 'Fault[SLOW_FIRST_BYTE PT0.5S]'",
        "MALFORMED, 'Fault[MALFORMED_JSON]'",
    })
    void everyFaultHasItsName(String given, String fault) {
        assertThat(new FaultConverter().convert(given).fault()).hasToString(fault);
    }
}
