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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice batch}, on the embedded simulator and against a server. */
class BatchCommandTest {

    @TempDir
    Path directory;

    private Path prompts;
    private Path results;

    @BeforeEach
    void files() throws IOException {
        prompts = directory.resolve("in.jsonl");
        results = directory.resolve("in.results.jsonl");
        write(40);
    }

    private void write(int count) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add("{\"custom_id\":\"p" + i + "\",\"prompt\":\"number " + i + "\",\"max_tokens\":20}");
        }
        Files.write(prompts, lines);
    }

    private Ran batch(String... options) {
        List<String> all = new ArrayList<>(List.of("batch", prompts.toString(), "--project-dir", directory.toString()));
        all.addAll(List.of(options));
        return Ran.sluice(all.toArray(String[]::new));
    }

    @Test
    void everyLineIsAnsweredBesideTheInput() throws IOException {
        Ran ran = batch("--window", "1s", "--rpm", "40");

        assertThat(ran.code()).isEqualTo(ExitCode.OK);
        assertThat(ran.out())
                .containsPattern("40 lines in \\d+\\.\\d s: 40 answered, 0 failed\n")
                .contains("40 requests, 0 of them repeated, 0 refused with 429")
                .contains("simulator/gpt-sim: used ")
                .endsWith("results: " + results + "\n");
        assertThat(Files.readAllLines(results))
                .hasSize(40)
                .allSatisfy(line ->
                        assertThat(Json.read(line).path("error").isNull()).isTrue());
    }

    @Test
    void oneBadLineIsOneErrorAndTheExitCodeTells() throws IOException {
        Files.writeString(prompts, "{\"prompt\":\"a\"}\n{\"prompt\":\n{\"prompt\":\"b\"}\n");

        Ran ran = batch();

        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(ran.out()).contains("2 answered, 1 failed");
        assertThat(Files.readAllLines(results)).hasSize(3);
    }

    @Test
    void aServerIsCalledUnderTheLimitsOfTheProjectsFile() {
        Simulator simulator =
                Simulator.builder().model("m", ModelLimits.of(1_000, 1_000_000)).build();
        RunningSimulator running = simulator.start().block(Duration.ofSeconds(30));
        try {
            Ran.in(
                    directory,
                    "limits",
                    "set",
                    "--provider",
                    "acme",
                    "--model",
                    "m",
                    "--rpm",
                    "1000",
                    "--tpm",
                    "900000");
            Ran ran = batch("--provider", "acme", "--model", "m", "--base-url", running.baseUrl());

            assertThat(ran.code()).isEqualTo(ExitCode.OK);
            assertThat(ran.out()).contains("acme/m: used 4 % of 1,000 requests");
            assertThat(running.report().admitted()).isEqualTo(40);
        } finally {
            running.dispose();
        }
    }

    @Test
    void aModelWithoutLimitsIsAnErrorThatSaysWhatToDo() throws IOException {
        Ran ran = batch("--provider", "acme", "--model", "m", "--base-url", "http://127.0.0.1:1/v1");

        assertThat(ran.code()).isEqualTo(ExitCode.FAILED);
        assertThat(Files.readAllLines(results))
                .hasSize(40)
                .allMatch(line -> line.contains("No rate-limit profile configured for acme/m"));
    }

    @Test
    void resultsThatExistAreKept() throws IOException {
        Files.writeString(results, "paid for");

        batch().failed(
                        ExitCode.FAILED,
                        results
                                + " exists, and holds results; add --resume to go on after them, name another file with -o,"
                                + " or replace it with --overwrite");
        assertThat(results).hasContent("paid for");
    }

    @Test
    void wrongOptionsCreateNothing() {
        String help = "; see 'sluice batch --help'";
        batch("--rpm", "0")
                .failed(ExitCode.USAGE, "rpm_limit must be greater than zero, was 0 (profile of */*)" + help);
        batch("--window", "soon")
                .failed(
                        ExitCode.USAGE,
                        "Invalid value for option '--window': 'soon' is not a time; write it as 60s, 1m30s, 0.5s or 500ms"
                                + help);
        batch("--concurrency", "0").failed(ExitCode.USAGE, "--concurrency must be between 1 and 10,000, was 0" + help);
        batch("--provider", "acme")
                .failed(ExitCode.USAGE, "the address of provider 'acme' is not known; give it with --base-url" + help);
        batch("--base-url", "nowhere")
                .failed(
                        ExitCode.USAGE,
                        "baseUrl must be an absolute http or https address without query, such as https://api.openai.com/v1"
                                + help);
        batch("--provider", "openai", "--api-key-env", "NO_SUCH_KEY")
                .failed(ExitCode.USAGE, "there is no API key: set the environment variable NO_SUCH_KEY" + help);
        batch("--nope").failed(ExitCode.USAGE, "Unknown option: '--nope'" + help);
        batch("-o", prompts.toString(), "--overwrite")
                .failed(
                        ExitCode.USAGE,
                        "the results would overwrite the prompts in " + prompts + "; name another file with -o" + help);
        batch("--max-attempts", "0").failed(ExitCode.USAGE, "--max-attempts must be between 1 and 1,000, was 0" + help);
        batch("--resume", "--overwrite")
                .failed(
                        ExitCode.USAGE,
                        "--resume keeps the results that --overwrite would replace; leave out one" + help);
        batch("--retry-errors").failed(ExitCode.USAGE, "--retry-errors is of use only with --resume" + help);
        Ran.sluice("batch", "-", "-o", results.toString(), "--resume", "--retry-errors")
                .failed(
                        ExitCode.USAGE,
                        "--retry-errors reads the prompts twice; put them into a file, and name that" + help);
        assertThat(results).doesNotExist();
    }

    @Test
    void aBatchGoesOnAfterWhatIsDoneAndSaysSo() throws IOException {
        batch("--resume");
        List<String> all = Files.readAllLines(results);
        assertThat(all).hasSize(40);
        String torn = all.get(30).substring(0, 50);
        Files.writeString(results, String.join("\n", all.subList(0, 30)) + "\n" + torn);

        Ran ran = batch("--resume");

        assertThat(ran.code()).isEqualTo(ExitCode.OK);
        assertThat(ran.err())
                .startsWith("sluice: warning: the last line of " + results
                        + " was not written to its end; it is dropped, and done again\n"
                        + "sluice: going on in " + results + ": 30 done already, 10 to do\n");
        assertThat(ran.out())
                .containsPattern("10 lines in \\d+\\.\\d s: 10 answered, 0 failed; 30 were done before\n")
                .contains("10 requests, 0 of them repeated, 0 refused with 429");
        assertThat(Files.readAllLines(results))
                .hasSize(40)
                .startsWith(all.subList(0, 30).toArray(String[]::new));
        assertThat(batch("--resume").out()).contains("0 lines in ").contains("; 40 were done before\n");
    }

    @Test
    void errorsAreDoneAgainOnlyIfThatIsSaid() throws IOException {
        Files.writeString(prompts, "{\"prompt\":\"a\"}\n{\"prompt\":\n{\"prompt\":\"b\"}\n");
        batch();

        Ran kept = batch("--resume");
        assertThat(kept.code()).as("not every line has an answer").isEqualTo(ExitCode.FAILED);
        assertThat(kept.err())
                .contains(": 3 done already, 1 of them with an error (--retry-errors repeats these), 0 to do\n");
        assertThat(kept.out())
                .contains("; 3 were done before, 1 of them with an error; --retry-errors repeats these\n");

        Ran again = batch("--resume", "--retry-errors");
        assertThat(again.code()).isEqualTo(ExitCode.FAILED);
        assertThat(again.err()).contains(": 2 done already, 1 with an error to be done again, 1 to do\n");
        assertThat(again.out()).contains("1 lines in ").contains("0 answered, 1 failed; 2 were done before\n");
        assertThat(Files.readAllLines(results)).hasSize(3);
    }

    @Test
    void resultsOfOtherPromptsAreWarnedOfBeforeAnythingIsSent() throws IOException {
        batch();
        Files.writeString(prompts, "{\"prompt\":\"another\"}\n");

        Ran ran = batch("--resume", "--provider", "acme", "--model", "m", "--base-url", "http://127.0.0.1:1/v1");

        assertThat(ran.err())
                .startsWith("sluice: warning: none of the results in " + results + " belongs to a line of " + prompts
                        + "; they stay as they are\n");
        assertThat(Files.readAllLines(results)).hasSize(41);
    }

    @Test
    void damagedResultsAreNamedByTheirLines() throws IOException {
        batch();
        List<String> all = new ArrayList<>(Files.readAllLines(results));
        all.set(6, "#" + all.get(6));
        Files.write(results, all);

        Ran ran = batch("--resume");

        assertThat(ran.err())
                .startsWith("sluice: warning: line 7 of " + results
                        + " is not a result; it stays, and what it was about is done again\n");
        assertThat(ran.out()).contains("1 answered, 0 failed; 39 were done before");
        assertThat(Files.readAllLines(results)).hasSize(41);
    }

    @Test
    void aFileOfOtherThingsIsNotTakenForResults() throws IOException {
        Files.writeString(results, "dear diary");

        batch("--resume")
                .failed(
                        ExitCode.FAILED,
                        results + " is not a file of results: line 1 is none, and no other line is one; name another"
                                + " file of results");
        assertThat(results).hasContent("dear diary");
    }

    @Test
    void twoBatchesDoNotWriteOneFile() throws Exception {
        write(2_000);
        JavaProcess first = JavaProcess.start(Main.class, "batch", prompts.toString());
        while (!Files.exists(results) || Files.size(results) == 0) {
            Thread.onSpinWait();
        }
        String inUse =
                results + " is being written by another batch; wait for it to end, or name another file of results";
        batch("--resume").failed(ExitCode.FAILED, inUse);
        batch("--overwrite").failed(ExitCode.FAILED, inUse);
        first.kill();
        first.end();

        assertThat(results).isNotEmptyFile();
        write(1);
        assertThat(batch("--resume").code()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aMissingFileIsNamed() {
        Ran.sluice("batch", "/no/such.jsonl")
                .failed(ExitCode.FAILED, "cannot read /no/such.jsonl: no such file or directory");
    }

    @Test
    void whoEndsTheProgramGetsWholeLinesAndTheSummary() throws Exception {
        write(2_000);
        JavaProcess child = JavaProcess.start(Main.class, "batch", prompts.toString());
        while (!Files.exists(results) || Files.size(results) == 0) {
            Thread.onSpinWait();
        }
        child.terminate();
        JavaProcess.Ended ended = child.end();

        assertThat(ended.code()).isEqualTo(143);
        assertThat(ended.err()).contains("finishing the calls in flight").doesNotContain("Exception");
        List<String> lines = Files.readAllLines(results);
        assertThat(lines)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(Json.read(line).isObject()).isTrue());
        assertThat(ended.out()).contains(lines.size() + " lines in ");
    }

    private Ran status() {
        return Ran.sluice(
                "limits", "status", "--provider", "acme", "--model", "m", "--project-dir", directory.toString());
    }

    @Test
    @DisplayName("D-RL-37: the status shows what a batch does while it runs, and what it did after it")
    void theStatusShowsWhatABatchDoes() throws Exception {
        RunningSimulator running = Simulator.builder()
                .anyModel(ModelLimits.of(1_000, 1_000_000))
                .latency(Duration.ofSeconds(4), Duration.ofSeconds(4))
                .build()
                .start()
                .block();
        write(5);
        try {
            JavaProcess batch = JavaProcess.start(
                    Main.class,
                    "batch",
                    prompts.toString(),
                    "--project-dir",
                    directory.toString(),
                    "--provider",
                    "acme",
                    "--model",
                    "m",
                    "--base-url",
                    running.baseUrl(),
                    "--rpm",
                    "100",
                    "--concurrency",
                    "5");
            String shown = "";
            for (int poll = 0; poll < 600 && !shown.contains("5 in-flight"); poll++) {
                batch.endsWithin(Duration.ofMillis(50));
                shown = status().out();
            }
            assertThat(shown)
                    .contains("RPM: 5 / 70 (limit 100, target 70)", "5 in-flight / 5 cap", "Saved: ", " s ago");
            assertThat(batch.end().code()).isEqualTo(ExitCode.OK);
            assertThat(status().out()).contains("RPM: 5 / 70", "0 in-flight / 5 cap");
            Ran json = Ran.sluice(
                    "limits",
                    "status",
                    "--provider",
                    "acme",
                    "--model",
                    "m",
                    "--json",
                    "--project-dir",
                    directory.toString());
            assertThat(Json.read(json.out()).path("saved_at").asString()).endsWith("Z");
        } finally {
            running.disposeLater().block();
        }
    }

    @Test
    void aStateFileThatCannotBeUsedStopsNoBatch() throws IOException {
        Path state = directory.resolve(".sluice").resolve("model-rate-limit-state.json");
        Files.createDirectories(state.getParent());
        Files.writeString(state, "{\"states\":{\"p::m\":{}}}");
        write(2);
        RunningSimulator running = Simulator.builder()
                .anyModel(ModelLimits.of(1_000, 1_000_000))
                .build()
                .start()
                .block();
        try {
            Ran ran = batch("--provider", "acme", "--model", "m", "--base-url", running.baseUrl(), "--rpm", "100");
            assertThat(ran.code()).isEqualTo(ExitCode.OK);
            assertThat(ran.err()).contains("What this batch does is not saved there.");
            assertThat(state).hasContent("{\"states\":{\"p::m\":{}}}");
        } finally {
            running.disposeLater().block();
        }
    }
}
