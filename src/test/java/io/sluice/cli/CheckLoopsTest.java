package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.support.Json;
import io.sluice.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code sluice check-loops}, as a person, a script or a code host meets it. */
class CheckLoopsTest {

    private static final String GOOD = "n=0\nwhile [ $n -lt 3 ]; do n=$((n+1)); done\n";
    private static final String BAD = "#!/bin/sh\nwhile true; do\n  work\ndone\n";
    private static final String WAITS = "curl http://host\n";

    @TempDir
    Path project;

    private Path scripts;

    @BeforeEach
    void makeScripts() throws IOException {
        scripts = Files.createDirectory(project.resolve("scripts"));
    }

    @Test
    @DisplayName("C9: none flagged, in the words of the seed")
    void nothingToFind() throws IOException {
        Files.writeString(scripts.resolve("a.sh"), GOOD);
        Files.writeString(scripts.resolve("b.sh"), GOOD);
        Ran.sluice("check-loops", project.toString()).printed("2 script file(s) checked — no unbounded loops found\n");
    }

    @Test
    @DisplayName("C8: a flagged loop, in the words of the seed, and with its line")
    void anUnboundedLoopFails() throws IOException {
        Path bad = Files.writeString(scripts.resolve("bad.sh"), BAD);
        Ran ran = Ran.sluice("check-loops", project.toString());
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .isEqualTo(bad + ":2: error: unbounded loop detected without a deadline/timeout guard (H11 violation)"
                        + " [H11 unbounded-loop]\n"
                        + "    Add an explicit deadline, iteration cap, and fallback exit path.\n"
                        + "1 script file(s) checked — 1 unbounded loop(s) found\n");
    }

    @Test
    @DisplayName("D-VA-05: warnings alone end with 0, unless they are asked to fail")
    void warningsAloneDoNotFail() throws IOException {
        Path waits = Files.writeString(scripts.resolve("waits.sh"), WAITS);
        Ran ran = Ran.sluice("check-loops", project.toString());
        ran.printed(waits + ":1: warning: curl may wait for ever: it has no time-out (H11 violation)"
                + " [H11 wait-without-timeout]\n"
                + "    Add --max-time SECONDS (-m).\n"
                + "1 script file(s) checked — no unbounded loops found; 1 warning(s)\n");
        assertThat(Ran.sluice("check-loops", "--fail-on", "error", project.toString())
                        .code())
                .isZero();
        assertThat(Ran.sluice("check-loops", "--fail-on=warning", project.toString()))
                .isEqualTo(new Ran(1, ran.out(), ""));
    }

    @Test
    void whatCannotBeCheckedIsToldAndFailsOnlyWithWarnings() throws IOException {
        Path broken = Files.writeString(scripts.resolve("broken.sh"), "echo 'never closed\n");
        Ran ran = Ran.sluice("check-loops", project.toString());
        ran.printed(broken + ": warning: not checked: line 1: a quote ' is never closed\n"
                + "1 script file(s) checked — no unbounded loops found; 1 not checked\n");
        assertThat(Ran.sluice("check-loops", "--fail-on", "warning", project.toString())
                        .code())
                .isEqualTo(1);
    }

    @Test
    void aSuppressedFindingIsCounted() throws IOException {
        Files.writeString(scripts.resolve("a.sh"), "# sluice:allow H11 a daemon\nwhile true; do work; done\n");
        Ran.sluice("check-loops", project.toString())
                .printed("1 script file(s) checked — no unbounded loops found; 1 suppressed\n");
    }

    @Test
    @DisplayName("C5: without scripts there is no result, and a note")
    void withoutScripts() {
        assertThat(Ran.sluice("check-loops", project.toString()))
                .isEqualTo(new Ran(0, "", "sluice: no scripts found\n"));
    }

    @Test
    void oneFileMayBeGiven() throws IOException {
        Path bad = Files.writeString(scripts.resolve("bad.sh"), BAD);
        Files.writeString(scripts.resolve("other.sh"), BAD);
        assertThat(Ran.sluice("check-loops", bad.toString()).out())
                .endsWith("\n1 script file(s) checked — 1 unbounded loop(s) found\n");
    }

    @Test
    void asJson() throws IOException {
        Path bad = Files.writeString(scripts.resolve("bad.sh"), BAD + WAITS);
        Path broken = Files.writeString(scripts.resolve("broken.ps1"), "\"never closed");
        Ran ran = Ran.sluice("check-loops", "--json", project.toString());
        assertThat(ran.code()).isEqualTo(1);
        JsonNode document = Json.read(ran.out());
        assertThat(document.get("rule").asString()).isEqualTo("H11");
        assertThat(document.get("files").asInt()).isEqualTo(2);
        assertThat(document.get("errors").asInt()).isEqualTo(1);
        assertThat(document.get("warnings").asInt()).isEqualTo(1);
        assertThat(document.get("suppressed").asInt()).isZero();
        JsonNode first = document.get("findings").get(0);
        assertThat(first.get("file").asString()).isEqualTo(bad.toString());
        assertThat(first.get("line").asInt()).isEqualTo(2);
        assertThat(first.get("rule").asString()).isEqualTo("H11");
        assertThat(first.get("kind").asString()).isEqualTo("unbounded-loop");
        assertThat(first.get("severity").asString()).isEqualTo("error");
        assertThat(first.get("message").asString()).contains("H11 violation");
        assertThat(first.get("remedy").asString()).startsWith("Add an explicit deadline");
        assertThat(document.get("skipped").get(0).get("file").asString()).isEqualTo(broken.toString());
    }

    @Test
    void asSarif() throws IOException {
        Files.writeString(scripts.resolve("a b.sh"), BAD + WAITS);
        Files.writeString(scripts.resolve("broken.ps1"), "\"never closed");
        Ran ran = Ran.sluice("check-loops", "--sarif", project.toString());
        assertThat(ran.code()).isEqualTo(1);
        JsonNode document = Json.read(ran.out());
        assertThat(document.get("version").asString()).isEqualTo("2.1.0");
        JsonNode run = document.get("runs").get(0);
        JsonNode rules = run.get("tool").get("driver").get("rules");
        assertThat(run.get("results")).hasSize(2);
        for (JsonNode result : run.get("results")) {
            assertThat(rules.get(result.get("ruleIndex").asInt()).get("id").asString())
                    .isEqualTo(result.get("ruleId").asString());
        }
        JsonNode result = run.get("results").get(0);
        assertThat(result.get("ruleId").asString()).isEqualTo("H11/unbounded-loop");
        assertThat(result.get("level").asString()).isEqualTo("error");
        JsonNode place = result.get("locations").get(0).get("physicalLocation");
        assertThat(place.get("artifactLocation").get("uri").asString())
                .startsWith("file:/")
                .endsWith("/a%20b.sh");
        assertThat(place.get("region").get("startLine").asInt()).isEqualTo(2);
        assertThat(run.get("invocations").get(0).get("toolExecutionNotifications"))
                .hasSize(1);
    }

    @Test
    void wrongUsageIsTold() throws IOException {
        String see = "; see 'sluice check-loops --help'";
        Path absent = project.resolve("absent");
        Ran.sluice("check-loops", absent.toString())
                .failed(
                        ExitCode.USAGE,
                        "Invalid value for DIR: '" + absent + "' is not an existing directory or file" + see);
        Ran.sluice("check-loops", "--fail-on", "never", project.toString())
                .failed(ExitCode.USAGE, "Invalid value for option '--fail-on': 'never' is not error or warning" + see);
        Ran.sluice("check-loops", "--json", "--sarif", project.toString())
                .failed(ExitCode.USAGE, "Error: --json, --sarif are mutually exclusive (specify only one)" + see);
    }

    @Test
    void theHelpSaysWhatTheExitCodesMean() {
        Ran ran = Ran.sluice("check-loops", "--help");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .startsWith("Usage: sluice check-loops")
                .contains("sluice:allow H11 REASON")
                .contains("""

                Exit codes:
                    0   no unbounded loop was found; warnings alone count only with --fail-on
                          warning
                    1   an unbounded loop was found; with --fail-on warning also a warning, or
                          a script that could not be checked
                    2   wrong usage""");
    }

    @Test
    @DisplayName("D-VA-04: without DIR, the current directory and its customary ones")
    void withoutADirectoryTheCustomaryPlacesAreChecked() throws Exception {
        Files.writeString(scripts.resolve("bad.sh"), BAD);
        Files.writeString(project.resolve("top.sh"), GOOD);
        Files.writeString(Files.createDirectory(project.resolve("src")).resolve("elsewhere.sh"), BAD);
        JavaProcess.Ended ended = checkLoopsInProject();
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .startsWith("scripts/bad.sh:2: error: ")
                .endsWith("2 script file(s) checked — 1 unbounded loop(s) found" + System.lineSeparator());
    }

    private JavaProcess.Ended checkLoopsInProject() throws Exception {
        List<String> there = List.of("/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", project.toString());
        return JavaProcess.start(there, Map.of(), Main.class, "check-loops").end();
    }
}
