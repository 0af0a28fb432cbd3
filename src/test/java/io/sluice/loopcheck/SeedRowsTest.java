package io.sluice.loopcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The seed's own tests (C14), and its proved defects (D-VA), decided right. */
class SeedRowsTest {

    @TempDir
    Path project;

    // ---- C14 ----

    @Test
    @DisplayName("C5, C14: without scripts there is no result")
    void withoutScriptsThereIsNoResult() throws IOException {
        Files.writeString(project.resolve("README.md"), "while true; do :; done\n");
        assertThat(LoopCheck.project(project)).isEqualTo(new Report(0, java.util.List.of(), java.util.List.of(), 0));
    }

    @Test
    @DisplayName("C14: a shell loop with a deadline by SECONDS passes")
    void aDeadlineBySecondsPasses() {
        Checked.script(
                        "wait.sh",
                        "deadline=$((SECONDS + 60))",
                        "while [ $SECONDS -lt $deadline ]; do",
                        "  check && exit 0",
                        "  sleep 1",
                        "done",
                        "echo 'timed out' >&2; exit 1")
                .passes();
    }

    @Test
    @DisplayName("C8, C14: a bare 'while true; do' fails with H11")
    void aBareLoopFailsInTheWordsOfTheSeed() {
        Report report = Checked.script("scripts/poll.sh", "while true; do", "  sleep 1", "done")
                .report();
        assertThat(report.findings())
                .containsExactly(new Finding(
                        "scripts/poll.sh",
                        1,
                        Finding.Kind.UNBOUNDED_LOOP,
                        "unbounded loop detected without a deadline/timeout guard (H11 violation)",
                        "Add an explicit deadline, iteration cap, and fallback exit path."));
        assertThat(report.findings().get(0).rule()).isEqualTo("H11");
        assertThat(report.findings().get(0).severity()).isEqualTo(Severity.ERROR);
    }

    @Test
    @DisplayName("C14: PowerShell's while ($true) fails")
    void whileTrueOfPowerShellFails() {
        Checked.script("poll.ps1", "while ($true) { Start-Sleep 1 }").hasUnboundedLoopAt(1);
    }

    @Test
    @DisplayName("C14: PowerShell with a deadline passes")
    void aDeadlineOfPowerShellPasses() {
        Checked.script(
                        "poll.ps1",
                        "$deadline = (Get-Date).AddSeconds(30)",
                        "while ((Get-Date) -lt $deadline) { Start-Sleep 1 }")
                .passes();
    }

    @Test
    @DisplayName("C14: cmd's goto loop, which the seed let pass, fails")
    void gotoLoopOfCmdFails() {
        Checked.script("poll.cmd", "@echo off", ":loop", "timeout /t 1 >nul", "goto loop")
                .hasUnboundedLoopAt(2);
    }

    // ---- D-VA-01 ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# TODO: add a timeout",
                "ssh -o ConnectTimeout=5 host true",
                "echo $SECONDS",
                "max_attempts=5",
                "deadline=tomorrow",
                "date +%s >> times.log"
            })
    @DisplayName("D-VA-01: a guard word that is no guard of the loop hides nothing")
    void aGuardWordHidesNothing(String line) {
        Checked.script("a.sh", line, "while true; do", "  " + line, "  sleep 1", "done")
                .hasUnboundedLoopAt(2);
    }

    @Test
    @DisplayName("D-VA-01: Get-Date for logging is no guard")
    void aDateForLoggingIsNoGuard() {
        Checked.script(
                        "a.ps1",
                        "while ($true) {",
                        "  Write-Host \"$(Get-Date) tick\"",
                        "  Get-Date | Out-File log",
                        "}")
                .hasUnboundedLoopAt(1);
    }

    @Test
    @DisplayName("D-VA-01: the guard of one loop is not that of another")
    void theGuardOfOneLoopIsNotThatOfAnother() {
        Checked.script(
                        "a.sh",
                        "n=0",
                        "while [ $n -lt 5 ]; do n=$((n+1)); done",
                        "while true; do work; done",
                        "for i in 1 2 3; do echo $i; done",
                        "until work; do sleep 1; done")
                .hasUnboundedLoopAt(3, 5);
    }

    // ---- D-VA-02 ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "while true\ndo\n  x\ndone",
                "while 1; do x; done",
                "while [ 1 ]; do x; done",
                "while [[ 1 -eq 1 ]]; do x; done",
                "while ((1)); do x; done",
                "until false; do x; done",
                "for ((;;)); do x; done",
                "for (( ; ; )); do x; done",
                "while /bin/true; do x; done",
                "while sleep 1; do x; done",
                "while ! nc -z -w 1 host 80; do sleep 1; done",
                "until curl -m 5 -sf http://host; do sleep 1; done",
                "while :; do x; done",
                "while :\ndo x; done"
            })
    @DisplayName("D-VA-02: no form of an endless shell loop is missed")
    void noEndlessShellLoopIsMissed(String loop) {
        Checked.script("a.sh", loop).hasUnboundedLoopAt(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "do { x } until ($false)",
                "while (1) { x }",
                "for ( ; ; ) { x }",
                "for (;;) { x }",
                "do { x } while ($true)",
                "while(1 -eq 1){ x }"
            })
    @DisplayName("D-VA-02: nor of PowerShell")
    void noEndlessPowerShellLoopIsMissed(String loop) {
        Checked.script("a.ps1", loop).hasUnboundedLoopAt(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {":loop\ncall x\ngoto loop", "for /L %%i in (0,0,1) do call x", ":LOOP\ncall x\ngoto :Loop"})
    @DisplayName("D-VA-02: nor of cmd")
    void noEndlessCmdLoopIsMissed(String loop) {
        Checked.script("a.cmd", loop).hasUnboundedLoopAt(1);
        Checked.script("a.bat", loop).hasUnboundedLoopAt(1);
    }

    @Test
    @DisplayName("D-VA-02: nor one that a here-document gives to Python")
    void aLoopForAnInterpreterCounts() {
        Checked.script("a.sh", "python3 - <<'EOF'", "while 1:", "    pass", "EOF")
                .hasUnboundedLoopAt(2);
    }

    // ---- D-VA-03 ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "# while true; do",
                "echo 'while true; do x; done'",
                "echo \"while true; do x; done\"",
                "cat <<EOF\nwhile true; do x; done\nEOF",
                "n=0\nwhile true; do\n  n=$((n+1))\n  [ $n -ge 5 ] && break\ndone",
                "while true; do read -r l || break; echo $l; done < f",
                "tries=0; max_tries=5\nwhile true; do\n  x && break\n  if [ $((tries+=1)) -ge $max_tries ]; then echo no >&2; exit 1; fi\ndone"
            })
    @DisplayName("D-VA-03: what is no loop, or has its way out, is not flagged")
    void whatIsNoEndlessLoopIsNotFlagged(String script) {
        Checked.script("a.sh", script).passes();
    }

    // ---- D-VA-04 ----

    @ParameterizedTest
    @CsvSource({
        "a.sh, while true; do x; done",
        "a.bash, while true; do x; done",
        "a.zsh, while true; do x; done",
        "a.ksh, while true; do x; done",
        "a.ps1, while ($true) { x }",
        "a.psm1, while ($true) { x }",
        "a.PS1, while ($true) { x }",
        "a.cmd, ':loop\ngoto loop'",
        "a.bat, ':loop\ngoto loop'",
        "a.py, while True: x()",
        "a, '#!/bin/sh\nwhile true; do x; done'",
        "b, '#!/usr/bin/env -S bash -e\nwhile true; do x; done'",
        "c, '#!/usr/bin/env python3\nwhile True: x()'",
        "d, '#! /bin/zsh\nwhile true; do x; done'",
        "e, '#!/usr/bin/env pwsh\nwhile ($true) { x }'"
    })
    @DisplayName("D-VA-04: scripts are known by name and by first line, in all customary places")
    void scriptsAreFound(String name, String text) throws IOException {
        for (String folder : new String[] {"", "scripts/deep/er", "bin", "tools", "ci", ".github/workflows"}) {
            Path directory = Files.createDirectories(project.resolve(folder));
            Files.writeString(directory.resolve(name), text + "\n");
        }
        Path elsewhere = Files.createDirectories(project.resolve("src"));
        Files.writeString(elsewhere.resolve(name), text + "\n");
        assertThat(LoopCheck.project(project).findings())
                .extracting(Finding::file)
                .containsExactlyInAnyOrder(
                        name,
                        "scripts/deep/er/" + name,
                        "bin/" + name,
                        "tools/" + name,
                        "ci/" + name,
                        ".github/workflows/" + name);
        assertThat(LoopCheck.in(elsewhere).count(Severity.ERROR))
                .as("where it is given")
                .isEqualTo(1);
    }

    @Test
    @DisplayName("D-VA-04: UTF-16 with a byte order mark is read")
    void utf16IsRead() {
        String text = "\ufeffwhile ($true) { x }\r\n";
        assertThat(LoopCheck.script("a.ps1", text.getBytes(StandardCharsets.UTF_16LE))
                        .findings())
                .hasSize(1);
        assertThat(LoopCheck.script("a.ps1", text.getBytes(StandardCharsets.UTF_16BE))
                        .findings())
                .hasSize(1);
        assertThat(LoopCheck.script("a.ps1", text.getBytes(StandardCharsets.UTF_8))
                        .findings())
                .hasSize(1);
    }

    // ---- D-VA-05 ----

    @Test
    @DisplayName("D-VA-05: every finding has its line, and files come in order")
    void everyFindingHasItsLineAndFilesComeInOrder() throws IOException {
        for (String name : new String[] {"b.sh", "a.sh", "c.sh"}) {
            Files.writeString(project.resolve(name), "while true; do x; done\n\nuntil y; do x; done\ncurl http://x\n");
        }
        assertThat(LoopCheck.project(project).findings())
                .extracting(one -> one.file() + ":" + one.line() + " " + one.severity())
                .containsExactly(
                        "a.sh:1 ERROR",
                        "a.sh:3 ERROR",
                        "a.sh:4 WARNING",
                        "b.sh:1 ERROR",
                        "b.sh:3 ERROR",
                        "b.sh:4 WARNING",
                        "c.sh:1 ERROR",
                        "c.sh:3 ERROR",
                        "c.sh:4 WARNING");
    }
}
