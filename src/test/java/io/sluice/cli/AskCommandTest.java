package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.simulator.Fault;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.Occasion;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sluice ask}, against servers that enforce what they say. */
class AskCommandTest {

    private static final String HELP = "; see 'sluice ask --help'";
    private static RunningSimulator simulator;

    @BeforeAll
    static void start() {
        simulator = Objects.requireNonNull(Simulator.builder()
                .anyModel(ModelLimits.unlimited())
                .replyTokens(6, 6)
                .build()
                .start()
                .block(Duration.ofSeconds(30)));
    }

    @AfterAll
    static void stop() {
        simulator.disposeLater().block(Duration.ofSeconds(30));
    }

    @AfterEach
    void clear() {
        simulator.clearFaults();
    }

    private static Ran openai(String... more) {
        return ask(List.of("--provider", "openai", "--base-url", simulator.baseUrl(), "--model", "gpt-sim"), more);
    }

    private static Ran anthropic(String... more) {
        return ask(
                List.of("--provider", "anthropic", "--base-url", simulator.anthropicBaseUrl(), "--model", "claude-sim"),
                more);
    }

    private static Ran ask(List<String> options, String... more) {
        List<String> all = new ArrayList<>(List.of("ask"));
        all.addAll(options);
        all.addAll(List.of(more));
        return Ran.sluice(all.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--max-output=50", "--stream"})
    void theAnswerIsPrintedAndWhatItUsedIsToldBesideIt(String option) {
        Ran openai = openai("hello there", option);
        assertThat(openai.code()).isEqualTo(ExitCode.OK);
        assertThat(openai.out()).isNotBlank().endsWith("\n");
        assertThat(openai.err())
                .matches("sluice: openai/gpt-sim: \\d+ tokens in, 6 out, \\d+\\.\\d s, ended with stop\n");

        Ran anthropic = anthropic("hello there", option);
        assertThat(anthropic.code()).isEqualTo(ExitCode.OK);
        assertThat(anthropic.out()).isNotBlank().endsWith("\n");
        assertThat(anthropic.err())
                .matches("sluice: anthropic/claude-sim: \\d+ tokens in, 6 out, \\d+\\.\\d s, ended with end_turn\n");
    }

    @Test
    void theAnswerAsAWholeIsThatOfTheStream() {
        assertThat(ask(List.of(), "hello").code()).isEqualTo(ExitCode.OK);
        assertThat(ask(List.of(), "--stream", "hello").err()).startsWith("sluice: simulator/gpt-sim: ");
    }

    @Test
    void aHyphenReadsThePromptFromStandardInput() {
        InputStream before = System.in;
        try {
            System.setIn(
                    new ByteArrayInputStream("grüß dich, long prompt".repeat(20).getBytes(StandardCharsets.UTF_8)));
            Ran ran = openai("--system", "be brief", "-");
            assertThat(ran.code()).isEqualTo(ExitCode.OK);
            assertThat(Integer.parseInt(ran.err().replaceAll("(?s).*sim: (\\d+) tokens in.*", "$1")))
                    .isGreaterThan(100);
            System.setIn(new ByteArrayInputStream(new byte[0]));
            openai("-").failed(ExitCode.USAGE, "the prompt is empty" + HELP);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aRateLimitIsWaitedForAndAnErrorIsOneLine() {
        simulator.inject(Fault.status(503), Occasion.nth(1));
        assertThat(openai("hello").code()).isEqualTo(ExitCode.OK);
        simulator.clearFaults();
        simulator.inject(Fault.status(400), Occasion.always());
        for (Ran ran : List.of(openai("hello"), anthropic("--stream", "hello"))) {
            assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err().lines()).singleElement().asString().startsWith("sluice: ");
            assertThat(ran.err()).doesNotContain("at io.sluice").doesNotContain("Exception");
        }
    }

    @Test
    void aStreamThatBreaksOffHasPrintedWhatCame() {
        simulator.inject(Fault.cut(4), Occasion.always());
        Ran ran = openai("--stream", "--max-attempts", "1", "hello");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out()).endsWith("\n");
        assertThat(ran.err().lines()).hasSize(1);
    }

    @Test
    void aTimeThatIsOverIsAnError() {
        simulator.inject(Fault.slowFirstByte(Duration.ofMinutes(5)), Occasion.always());
        Ran ran = openai("--timeout", "300ms", "hello");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err()).contains("did not end within PT0.3S");
    }

    @Test
    void whereNobodyListensThatIsSaid() {
        Ran ran = ask(List.of("--base-url", "http://127.0.0.1:1/v1", "--model", "m", "--max-attempts", "1"), "hello");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err().lines())
                .singleElement()
                .asString()
                .startsWith("sluice: the provider could not be reached");
    }

    @Test
    void aProgramThatIsNotThereIsSaidToBeMissing() {
        Ran ran =
                ask(List.of("--provider", "claude-code", "--program", "/no/such/claude", "--model", "sonnet"), "hello");
        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.err())
                .startsWith("sluice: claude-code could not be started")
                .contains("/no/such/claude");
    }

    @Test
    void wrongOptionsSendNothing() {
        ask(List.of("--provider", "openai"), "hello")
                .failed(ExitCode.USAGE, "there is no API key: set the environment variable OPENAI_API_KEY" + HELP);
        ask(List.of("--base-url", simulator.baseUrl()), "hello")
                .failed(ExitCode.USAGE, "no model was given; name one with --model" + HELP);
        openai("--max-output", "0", "hello").failed(ExitCode.USAGE, "maxOutput must be at least 1 token, was 0" + HELP);
        openai("--max-attempts", "0", "hello")
                .failed(ExitCode.USAGE, "--max-attempts must be between 1 and 100, was 0" + HELP);
        ask(List.of("--provider", "azure", "--model", "m"), "hello")
                .failed(
                        ExitCode.USAGE,
                        "azure needs the address of the resource: give it with --base-url, or set the environment variable"
                                + " AZURE_OPENAI_ENDPOINT" + HELP);
        openai("--api-version", "2024-10-21", "hello")
                .failed(ExitCode.USAGE, "--api-version is of use only with --provider azure" + HELP);
        openai("--program", "claude", "hello")
                .failed(ExitCode.USAGE, "--program is of use only with --provider claude-code" + HELP);
        ask(List.of("--provider", "claude-code", "--base-url", "http://127.0.0.1:1", "--model", "m"), "hello")
                .failed(ExitCode.USAGE, "claude-code is a program and has no address; leave --base-url out" + HELP);
        openai(" ").failed(ExitCode.USAGE, "the prompt is empty" + HELP);
    }

    @Test
    void aTerminalIsShownWhatItWouldObey() {
        assertThat(AnswerText.of("line\n\tnext 👩‍👩‍👧 ü")).isEqualTo("line\n\tnext 👩‍👩‍👧 ü");
        assertThat(AnswerText.of("\u001b[2J\u202eabc\r")).isEqualTo("\\u001b[2J\\u202eabc\\u000d");
    }
}
