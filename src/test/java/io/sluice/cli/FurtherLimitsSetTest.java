package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ratelimit.DayWindow;
import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.store.file.ProfileFile;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits of input, output and days, pools and aliases: from the command line into the file and back. */
class FurtherLimitsSetTest {

    private static final String[] ALL = {
        "--itpm",
        "30000",
        "--otpm",
        "8000",
        "--rpd",
        "1500",
        "--tpd",
        "2000000",
        "--day",
        "calendar",
        "--zone",
        "America/Los_Angeles",
        "--pool",
        "big",
        "--alias",
        "Opus-Latest",
        "--alias",
        "opus-4"
    };

    private static final String ALL_SHOWN = "ITPM=30000, OTPM=8000, RPD=1500, TPD=2000000, day=America/Los_Angeles,"
            + " pool=big, aliases=opus-latest,opus-4";

    @TempDir
    Path project;

    @Test
    void allThatIsGivenIsSavedAndShown() {
        set(ALL).printed("✓ Saved p/m (RPM=5, TPM=none, target=0.70, concurrency=1, " + ALL_SHOWN + ")\n");

        Ran.in(project, "limits", "list")
                .printed("  p/m RPM=5 TPM=none target=0.70 concurrency=1 " + ALL_SHOWN.replace(", ", " ") + "\n");
        RateLimitProfile saved = saved();
        assertThat(saved.tpm()).isNull();
        assertThat(saved.limit(RateLimit.ITPM)).isEqualTo(30_000);
        assertThat(saved.limit(RateLimit.OTPM)).isEqualTo(8_000);
        assertThat(saved.limit(RateLimit.RPD)).isEqualTo(1_500);
        assertThat(saved.limit(RateLimit.TPD)).isEqualTo(2_000_000);
        assertThat(saved.day()).isEqualTo(DayWindow.calendar(ZoneId.of("America/Los_Angeles")));
        assertThat(saved.pool()).isEqualTo("big");
        assertThat(saved.aliases()).containsExactly("opus-latest", "opus-4");
    }

    @Test
    void whatIsNotGivenStays() {
        set(ALL);
        RateLimitProfile before = saved();
        set();
        assertThat(saved()).isEqualTo(before);
        set("--rpd", "7");
        assertThat(saved()).isEqualTo(before.toBuilder().rpd(7).build());
    }

    @Test
    void noneTakesAway() {
        set(ALL);
        set("--itpm", "none", "--otpm", "none", "--rpd", "none", "--tpd", "none", "--day", "rolling")
                .printed("✓ Saved p/m (RPM=5, TPM=none, target=0.70, concurrency=1, pool=big,"
                        + " aliases=opus-latest,opus-4)\n");
        set("--pool", "none", "--alias", "none").printed("✓ Saved p/m (RPM=5, TPM=none, target=0.70, concurrency=1)\n");
        assertThat(saved())
                .isEqualTo(RateLimitProfile.builder("p", "m")
                        .rpm(5)
                        .source("override")
                        .build());
    }

    @Test
    void aZoneMakesTheDayOneOfTheCalendarAndStaysWithIt() {
        set("--zone", "UTC");
        set("--day", "calendar");
        assertThat(saved().day()).isEqualTo(DayWindow.calendar(ZoneId.of("UTC")));
        set("--zone", "Europe/Berlin");
        assertThat(saved().day()).isEqualTo(DayWindow.calendar(ZoneId.of("Europe/Berlin")));
    }

    @Test
    void newAliasesReplaceThoseOfBefore() {
        set(ALL);
        set("--alias", "x");
        assertThat(saved().aliases()).containsExactly("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--itpm 0 | itpm_limit must be greater than zero, was 0 (profile of p/m)",
                "--otpm -1 | otpm_limit must be greater than zero, was -1 (profile of p/m)",
                "--rpd 1.5 | Invalid value for option '--rpd': '1.5' is not a whole number, or too large",
                "--rpd None | Invalid value for option '--rpd': 'None' is not a whole number, or too large",
                "--tpd 9007199254740993 | tpd_limit must be at most 9007199254740992, was 9007199254740993 (profile of p/m)",
                "--day weekly | --day must be rolling or calendar, was weekly",
                "--day calendar | --day calendar needs --zone, such as --zone America/Los_Angeles",
                "--day rolling --zone UTC | --zone is for --day calendar; a rolling day has none",
                "--zone PST | --zone must be a zone such as America/Los_Angeles or UTC, was PST",
                "--pool * | pool must be names, not blank and not a wildcard, was \"*\"",
                "--alias * | aliases must be names, not blank and not a wildcard, was \"*\"",
                "--alias none --alias x | --alias none means no aliases, and cannot stand beside other names",
            })
    void anImpossibleValueIsOneClearErrorAndCreatesNothing(String options, String message) {
        set(options.split(" ")).failed(ExitCode.USAGE, message + "; see 'sluice limits set --help'");
        assertThat(project).isEmptyDirectory();
    }

    private RateLimitProfile saved() {
        ProfileFile.Contents contents = ProfileFile.in(project).read();
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.profiles()).hasSize(1);
        return contents.profiles().get(0);
    }

    private Ran set(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("limits", "set", "--provider", "p", "--model", "m", "--rpm", "5", "--tpm", "none"));
        arguments.addAll(List.of(options));
        return Ran.in(project, arguments.toArray(String[]::new));
    }
}
