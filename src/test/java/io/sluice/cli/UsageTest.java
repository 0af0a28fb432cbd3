package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** Help, version, wrong usage, and what happens to a failure that nobody foresaw. */
class UsageTest {

    @TempDir
    Path project;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "limits",
                "limits list",
                "limits set",
                "limits status",
                "prices",
                "budget",
                "budget show",
                "limits defaults",
                "ask",
                "batch",
                "simulate"
            })
    void everyCommandHasHelpWithItsExitCodes(String command) {
        Ran ran = Ran.sluice((command + " --help").strip().split(" "));
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .startsWith("Usage: " + ("sluice " + command).strip())
                .endsWith("""

                Exit codes:
                    0   done; for a batch: every line was answered
                    1   it could not be done: no such profile, a damaged file, a file problem,
                          a line without an answer
                    2   wrong usage: an unknown or missing option, an invalid value
                    3   the budget of a batch is used up, and lines are left to do
                   70   an internal error, which is a defect of sluice
                  130   ended by Ctrl-C, after the calls in flight
                """);
    }

    @Test
    @DisplayName("B1: the group says what it is for and lists its commands")
    void theGroupListsItsCommands() {
        assertThat(Ran.sluice("limits", "--help").out())
                .contains("Manage persisted per-model RPM/TPM profiles.\n")
                .containsSubsequence("  defaults ", "  list ", "  set ", "  status ");
    }

    @Test
    void everyCommandHasTheVersion() {
        Ran.sluice("--version").printed("sluice (development build)\n");
        Ran.sluice("limits", "list", "-V").printed("sluice (development build)\n");
    }

    @Test
    void wrongUsageIsOneLineThatSaysWhereHelpIs() {
        Ran.sluice().failed(ExitCode.USAGE, "Missing required subcommand; see 'sluice --help'");
        Ran.sluice("limits").failed(ExitCode.USAGE, "Missing required subcommand; see 'sluice limits --help'");
        Ran.sluice("limits", "nope")
                .failed(ExitCode.USAGE, "Unmatched argument at index 1: 'nope'; see 'sluice limits --help'");
        Ran.sluice("limits", "list", "--nope")
                .failed(ExitCode.USAGE, "Unknown option: '--nope'; see 'sluice limits list --help'");
        Ran.sluice("limits", "list", "[/red]\u001b")
                .failed(
                        ExitCode.USAGE,
                        "Unmatched argument at index 2: '[/red]\\u001b'; see 'sluice limits list --help'");
        Ran.sluice("limits", "list", "")
                .failed(ExitCode.USAGE, "Unmatched argument at index 2: ''; see 'sluice limits list --help'");
    }

    @Test
    void theProjectMustExist() throws Exception {
        String see = " is not an existing directory; see 'sluice limits list --help'";
        Path absent = project.resolve("absent");
        Ran.in(absent, "limits", "list")
                .failed(ExitCode.USAGE, "Invalid value for option '--project-dir': '" + absent + "'" + see);
        Path file = Files.writeString(project.resolve("file"), "");
        Ran.in(file, "limits", "list")
                .failed(ExitCode.USAGE, "Invalid value for option '--project-dir': '" + file + "'" + see);
        Ran.sluice("limits", "list", "--project-dir", "")
                .failed(ExitCode.USAGE, "Invalid value for option '--project-dir': ''" + see);
        Ran.sluice("limits", "list", "--project-dir", "a\0b")
                .failed(ExitCode.USAGE, "Invalid value for option '--project-dir': 'a\\u0000b'" + see);
        assertThat(absent).doesNotExist();
    }

    @Test
    void anUnforeseenFailureIsOneLineToo() {
        run(new IllegalStateException("boom\nat a.b.C"))
                .failed(
                        ExitCode.INTERNAL,
                        "internal error: java.lang.IllegalStateException: boom\\u000aat a.b.C."
                                + " This is a defect of sluice; please report it, with what java -Dsluice.trace=true -jar"
                                + " shows.");
        run(new StackOverflowError())
                .failed(
                        ExitCode.INTERNAL,
                        "internal error: java.lang.StackOverflowError. This is a defect of sluice; please report it, with what java -Dsluice.trace=true -jar"
                                + " shows.");
    }

    /** Runs a command that fails so. */
    private static Ran run(Throwable failure) {
        return Ran.with(
                program -> program.addSubcommand("fail", new Failing(failure))
                        .setErr(program.getErr())
                        .setExecutionExceptionHandler(program.getExecutionExceptionHandler()),
                "fail");
    }

    @Command
    private static final class Failing implements Callable<Integer> {

        private final Throwable failure;

        private Failing(Throwable failure) {
            this.failure = failure;
        }

        @Override
        public Integer call() throws Exception {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        }
    }
}
