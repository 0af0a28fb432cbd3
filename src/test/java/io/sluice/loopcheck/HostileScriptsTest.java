package io.sluice.loopcheck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no scripts, or mean ill: they are reported and skipped, quickly, and the others are judged. */
class HostileScriptsTest {

    private static final List<String> NAMES = List.of("a.sh", "a.zsh", "a.ps1", "a.cmd", "a.py");

    @TempDir
    Path project;

    @ParameterizedTest
    @CsvSource({
        "a.sh, 'echo \"x\nwhile true; do x; done', line 1: a quote \" is never closed",
        "a.sh, 'x\necho ''x', line 2: a quote ' is never closed",
        "a.sh, 'x=${y', line 1: a '${' is never closed",
        "a.sh, 'x\ncat <<EOF\nabc', line 3: the here-document 'EOF' never ends",
        "a.sh, 'while true; do x', line 1: what begins here lacks its 'done'",
        "a.sh, 'x\ndone', line 2: 'done' closes nothing",
        "a.py, 'x = \"abc', line 1: a string is never closed",
        "a.py, 'x = (1,\n', line 1: a bracket is never closed",
        "a.ps1, 'x\n$a = \"abc', line 2: a quote \" is never closed",
        "a.ps1, 'if ($a) { x', line 1: a '{' is never closed",
        "a.cmd, 'if exist a (\necho x', line 1: a '(' is never closed"
    })
    void whatIsNeverClosedIsReported(String name, String text, String reason) {
        Report report = Checked.script(name, text).report();
        assertThat(report.findings()).isEmpty();
        assertThat(report.skipped()).containsExactly(new Skipped(name, reason));
        assertThat(report.files()).isEqualTo(1);
    }

    @Test
    void binaryIsReportedAndTheOthersAreJudged() throws IOException {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);
        Files.write(project.resolve("noise.sh"), noise);
        Files.write(project.resolve("program"), noise);
        Files.writeString(project.resolve("good.sh"), "while true; do x; done\n");
        Report report = LoopCheck.project(project);
        assertThat(report.files()).isEqualTo(2);
        assertThat(report.findings()).extracting(Finding::file).containsExactly("good.sh");
        assertThat(report.skipped()).hasSize(1);
        assertThat(report.skipped().get(0).file()).isEqualTo("noise.sh");
        assertThat(report.skipped().get(0).reason()).contains("zero byte");
    }

    @Test
    void aLineOfTenMegabytesIsReported() throws IOException {
        Files.write(project.resolve("long.sh"), "x".repeat(10 * 1024 * 1024).getBytes(UTF_8));
        assertThat(LoopCheck.project(project).skipped()).containsExactly(new Skipped("long.sh", "larger than 5 MiB"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{",
                "$(",
                "${",
                "\"",
                "'",
                "`",
                "((",
                "$((",
                "$(( 1 ",
                "x$(",
                "\"$(",
                "${'",
                "<<E ",
                "if ",
                "while x; do ",
                "case x in a) ",
                "f() { ",
                "a && ",
                "a || ",
                "! ",
                "x=(",
                "[[ ! ",
                "[[ ( ",
                "@(",
                "do { ",
                "@{ ",
                "if (",
                "not ",
                "(a or ",
                "f(",
                "x if ",
                "if a==b ",
                "for %%i in (1) do ",
                "echo (",
                "goto a & ",
                ":a\n",
                "\\",
                "^",
                "%a%",
                "#\n",
                "f'{",
                "\n ",
                "x:\n\t",
                "try { ",
                "lambda: ",
                "x = ",
                "x, ",
                "1 -eq ",
                "\u0000",
                "\u00e9",
                "\ufffe",
                "while (",
                "while x\n",
                "\"\"\"",
                "@'\n",
                "<#"
            })
    void nothingTakesLongOrBreaksIt(String part) {
        String text = part.repeat(150_000 / part.length());
        for (String name : NAMES) {
            long begin = System.nanoTime();
            Report report = LoopCheck.script(name, text.getBytes(UTF_8));
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(report.files()).isEqualTo(1);
            assertThat(took).as(name).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void noiseOfAnyKindIsJudgedOrSkipped() {
        String[] parts = {
            "while",
            "do",
            "done",
            "if",
            "then",
            "fi",
            "case",
            "esac",
            "for",
            "in",
            "(",
            ")",
            "{",
            "}",
            "[[",
            "]]",
            "$(",
            "`",
            "\"",
            "'",
            "\n",
            " ",
            ";",
            "&&",
            "|",
            "<<E",
            "E",
            "def",
            ":",
            "else",
            "try",
            "except",
            "goto",
            "x",
            "=",
            "1",
            "$x",
            "%x%",
            "until",
            "break",
            "foreach",
            "switch",
            "+",
            "-lt",
            "#",
            "\\",
            "\t",
            "for /l",
            "%%i",
            "((",
            "))",
            ",",
            "function",
            "return",
            "exit",
            "raise"
        };
        Random random = new Random(20_260_826);
        for (int i = 0; i < 4_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(60); n > 0; n--) {
                text.append(parts[random.nextInt(parts.length)]).append(random.nextInt(3) == 0 ? "" : " ");
            }
            for (String name : NAMES) {
                assertThat(LoopCheck.script(name, text.toString().getBytes(UTF_8))
                                .files())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void tenThousandSmallFilesTakeLessThanTwoSeconds() throws IOException {
        String[] names = {".sh", ".ps1", ".cmd", ".py", ""};
        String[] texts = {
            "n=0\nwhile [ $n -lt 9 ]; do\n  n=$((n+1)); curl -m 5 http://host && break\n  sleep 1\ndone\necho \"$n\"\n",
            "$n = 0\nwhile ($n -lt 9) {\n  $n++\n  if (Test-Path a) { break }\n}\nWrite-Host $n\n",
            "set n=0\n:loop\nset /a n+=1\ncall x.cmd\nif %n% lss 9 goto loop\necho %n%\n",
            "n = 0\nwhile n < 9:\n    n += 1\n    if ready(n):\n        break\nprint(n)\n",
            "#!/bin/bash\nwhile true; do\n  read -r line || break\n  echo \"$line\"\ndone < input.txt\n"
        };
        long bytes = 0;
        for (int i = 0; i < 10_000; i++) {
            Path folder = project.resolve("scripts/" + i / 200);
            Files.createDirectories(folder);
            String text = texts[i % texts.length];
            String remark = i % names.length == 2 ? "rem " : "# ";
            text += remark + "x".repeat(Math.max(0, 97 - text.length())) + "\n";
            Files.writeString(folder.resolve("s" + i + names[i % names.length]), text);
            bytes += text.length();
        }
        assertThat(bytes).isBetween(800_000L, 1_200_000L);
        Report report = LoopCheck.project(project);
        assertThat(report.files()).isEqualTo(10_000);
        assertThat(report.skipped()).isEmpty();
        assertThat(report.count(Severity.ERROR)).isZero();
        assertThat(quickest(5)).isLessThan(Duration.ofSeconds(2));
    }

    /** Of several rounds, because the machine may be busy with other things. */
    private Duration quickest(int rounds) {
        Duration quickest = Duration.ofDays(1);
        for (int round = 0; round < rounds && quickest.compareTo(Duration.ofSeconds(2)) >= 0; round++) {
            long begin = System.nanoTime();
            LoopCheck.project(project);
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            quickest = took.compareTo(quickest) < 0 ? took : quickest;
        }
        return quickest;
    }
}
