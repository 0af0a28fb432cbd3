package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.support.Json;
import io.sluice.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code kill -9} at random moments: what was counted is there, and what has a result is not sent again. */
class KilledBatchTest {

    private static final int LINES = 400;
    private static final int KILLS = 20;
    private static final int CONCURRENCY = 8;

    /** For a program that lives for a second: no second compiler, a small collector, and classes are not verified. */
    private static final Map<String, String> SHORT_LIVED = Map.of(
            "JDK_JAVA_OPTIONS",
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+IgnoreUnrecognizedVMOptions"
                    + " -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote");

    @TempDir
    Path directory;

    @Test
    void aBatchThatIsKilledTwentyTimesEndsWithTheResultsOfOneThatIsNot() throws Exception {
        long seed = new Random().nextLong();
        System.out.println("KilledBatchTest: seed " + seed);
        Random random = new Random(seed);
        Path prompts = directory.resolve("in.jsonl");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < LINES; i++) {
            String prompt = "number " + i + " " + "x".repeat(i % 97);
            lines.add("{\"custom_id\":\"p" + i + "\",\"user\":\"p" + i + "\",\"prompt\":\"" + prompt + "\"}");
        }
        Files.write(prompts, lines);
        Path killed = directory.resolve("killed.jsonl");
        Path whole = directory.resolve("whole.jsonl");
        RunningSimulator running = Simulator.builder()
                .anyModel(ModelLimits.of(1_000_000, 1_000_000_000))
                .latency(Duration.ofMillis(20), Duration.ofMillis(60))
                .build()
                .start()
                .block();
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                Set<String> done = whole(killed);
                int served = running.report().served().size();
                JavaProcess process = start(running, prompts, killed);
                if (random.nextInt(4) == 0) {
                    // While it begins: it reads what is there, cuts off what is torn, has sent nothing yet or a little.
                    process.endsWithin(Duration.ofMillis(random.nextInt(1_000)));
                } else {
                    int results = done.size() + random.nextInt(2 * LINES / KILLS);
                    while (whole(killed).size() < results && !process.endsWithin(Duration.ofMillis(2))) {
                        // It goes on.
                    }
                    process.endsWithin(Duration.ofNanos(random.nextInt(5_000_000)));
                }
                process.kill();
                process.end();
                List<String> all = running.report().served();
                assertThat(all.subList(served, all.size()))
                        .as("seed %s kill %s: sent again with a result", seed, kill)
                        .noneMatch(done::contains);
                assertThat(whole(killed))
                        .as("seed %s kill %s: lost", seed, kill)
                        .containsAll(done);
            }
            JavaProcess.Ended last = start(running, prompts, killed).end();
            assertThat(last.code()).as(last.err()).isEqualTo(ExitCode.OK);
            assertThat(running.report().admitted()).isLessThanOrEqualTo(LINES + (long) KILLS * CONCURRENCY);
            assertThat(Ran.sluice(batch(running, prompts, whole)).code()).isEqualTo(ExitCode.OK);
        } finally {
            running.disposeLater().block();
        }
        assertThat(results(killed)).as("seed %s", seed).hasSize(LINES).isEqualTo(results(whole));
        assertThat(Files.readAllLines(killed))
                .as("one result a line, seed %s", seed)
                .hasSize(LINES);
        assertThat(directory.toFile().list())
                .containsExactlyInAnyOrder("in.jsonl", "killed.jsonl", "whole.jsonl", ".sluice");
    }

    private static JavaProcess start(RunningSimulator running, Path prompts, Path results) throws IOException {
        return JavaProcess.start(List.of(), SHORT_LIVED, Main.class, batch(running, prompts, results));
    }

    private static String[] batch(RunningSimulator running, Path prompts, Path results) {
        return new String[] {
            "batch",
            prompts.toString(),
            "-o",
            results.toString(),
            "--resume",
            "--project-dir",
            results.getParent().toString(),
            "--base-url",
            running.baseUrl(),
            "--model",
            "gpt-sim",
            "--rpm",
            "1000000",
            "--concurrency",
            Integer.toString(CONCURRENCY)
        };
    }

    /** The names of the results that are there in full. */
    private static Set<String> whole(Path results) throws IOException {
        Set<String> ids = new HashSet<>();
        if (Files.exists(results)) {
            for (String line : Files.readString(results).split("\n", -1)) {
                try {
                    ids.add(Json.read(line).path("id").asString());
                } catch (JacksonException torn) {
                    // Being written.
                }
            }
        }
        return ids;
    }

    /** What was answered to whom; what differs from run to run by nature is left out. */
    private static Map<String, String> results(Path results) throws IOException {
        Map<String, String> answers = new TreeMap<>();
        for (String line : Files.readAllLines(results)) {
            JsonNode result = Json.read(line);
            JsonNode answer = result.path("response").path("choices").path(0).path("message");
            String before = answers.put(
                    result.path("id").asString(),
                    result.path("line") + " " + answer + " " + result.path("usage") + " " + result.path("error"));
            assertThat(before).as(line).isNull();
            assertThat(answer.path("content").isString()).as(line).isTrue();
        }
        return answers;
    }
}
