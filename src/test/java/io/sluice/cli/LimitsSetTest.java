package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ratelimit.Oversize;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.store.file.ProfileFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsSetTest {

    private static final String SEE = "; see 'sluice limits set --help'";

    @TempDir
    Path project;

    @Test
    @DisplayName("B3, A52: a profile is saved under its normal name, with the source override")
    void aProfileIsSaved() {
        set(" OpenAI ", "GPT-5.4", "120", "600000", "--target", "0.8", "--concurrency", "2")
                .printed("✓ Saved openai/gpt-5.4 (RPM=120, TPM=600000, target=0.80, concurrency=2)\n");
        assertThat(project.resolve(".sluice/model-rate-limits.json")).content().isEqualTo("""
                [
                  {
                    "provider": "openai",
                    "model": "gpt-5.4",
                    "rpm_limit": 120,
                    "tpm_limit": 600000,
                    "utilization_target": 0.8,
                    "concurrency_cap": 2,
                    "source": "override"
                  }
                ]""");
    }

    @Test
    void aNewProfileHasTheDefaultTargetAndConcurrency() {
        set("p", "m", "1", "2").printed("✓ Saved p/m (RPM=1, TPM=2, target=0.70, concurrency=1)\n");
    }

    @Test
    @DisplayName("D-RL-38: what is not given stays as it is")
    void whatIsNotGivenStays() {
        set("p", "m", "1", "2", "--target", "0.9", "--concurrency", "7");
        set("P", "M", "3", "4").printed("✓ Saved p/m (RPM=3, TPM=4, target=0.90, concurrency=7)\n");
        set("p", "m", "3", "4", "--concurrency", "5")
                .printed("✓ Saved p/m (RPM=3, TPM=4, target=0.90, concurrency=5)\n");
        set("p", "m", "3", "4", "--target", "1").printed("✓ Saved p/m (RPM=3, TPM=4, target=1.00, concurrency=5)\n");
    }

    @Test
    void whatTheCommandHasNoOptionForStays() {
        ProfileFile file = ProfileFile.in(project);
        file.save(RateLimitProfile.builder("p", "m")
                .rpm(9)
                .maxConcurrency(32)
                .oversize(Oversize.STRICT)
                .build());
        set("p", "m", "3", "4", "--concurrency", "5");
        assertThat(file.read().profiles())
                .containsExactly(RateLimitProfile.builder("p", "m")
                        .rpm(3)
                        .tpm(4)
                        .concurrency(5)
                        .maxConcurrency(32)
                        .oversize(Oversize.STRICT)
                        .source("override")
                        .build());
        set("p", "m", "3", "4", "--concurrency", "64");
        assertThat(file.read().profiles())
                .extracting(RateLimitProfile::maxConcurrency)
                .as("never below the concurrency that was asked for")
                .containsExactly(64);
    }

    @Test
    void burstAndSkewAreKeptBesideTheSevenKeys() {
        set("p", "m", "600", "4", "--burst", "1s", "--skew", "1.5s");
        set("p", "m", "900", "4");
        assertThat(ProfileFile.in(project).read().profiles())
                .singleElement()
                .satisfies(profile -> assertThat(profile.burst()).isEqualTo(Duration.ofSeconds(1)))
                .satisfies(profile -> assertThat(profile.skew()).isEqualTo(Duration.ofMillis(1_500)));
        assertThat(set("p", "m", "600", "4", "--skew", "2h").err())
                .contains("skew must be between zero and PT1H, was PT2H");
    }

    @Test
    void anInstalledRowBecomesAnOverride() {
        Ran.in(project, "limits", "defaults", "--install");
        set("openai", "gpt-4o", "9", "10")
                .printed("✓ Saved openai/gpt-4o (RPM=9, TPM=10, target=0.70, concurrency=1)\n");
        assertThat(Ran.in(project, "limits", "status", "--provider", "openai", "--model", "gpt-4o")
                        .out())
                .contains("  RPM: 0 / 6 (limit 9, target 6)\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[bold]m[/bold]",
                "nope[/red]",
                "@cf/meta/llama",
                "@|red x|@",
                "${sys:user.home}",
                "a=b",
                "*",
                "模型"
            })
    @DisplayName("D-RL-38: a name is a name and neither markup nor a file nor a variable")
    void aNameIsTakenAsItIs(String model) {
        set("p", model, "1", "2").printed("✓ Saved p/" + model + " (RPM=1, TPM=2, target=0.70, concurrency=1)\n");
        Ran.in(project, "limits", "list").printed("  p/" + model + " RPM=1 TPM=2 target=0.70 concurrency=1\n");
    }

    @Test
    void theLargestNumbersAreTaken() {
        set("p", "m", "9007199254740992", "9007199254740992", "--target", "1", "--concurrency", "2147483647")
                .printed("✓ Saved p/m (RPM=9007199254740992, TPM=9007199254740992, target=1.00,"
                        + " concurrency=2147483647)\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rpm | 0 | rpm_limit must be greater than zero, was 0 (profile of p/m)",
                "--rpm | -5 | rpm_limit must be greater than zero, was -5 (profile of p/m)",
                "--rpm | 9007199254740993 | rpm_limit must be at most 9007199254740992, was 9007199254740993 (profile of p/m)",
                "--rpm | 99999999999999999999 | Invalid value for option '--rpm': '99999999999999999999' is not a whole number, or too large",
                "--rpm | 1.5 | Invalid value for option '--rpm': '1.5' is not a whole number, or too large",
                "--rpm | abc | Invalid value for option '--rpm': 'abc' is not a whole number, or too large",
                "--tpm | 0 | tpm_limit must be greater than zero, was 0 (profile of p/m)",
                "--target | NaN | Invalid value for option '--target': 'NaN' is not a number",
                "--target | Infinity | Invalid value for option '--target': 'Infinity' is not a number",
                "--target | 0.7d | Invalid value for option '--target': '0.7d' is not a number",
                "--target | 0 | utilization_target must be greater than 0 and at most 1, was 0.0 (profile of p/m)",
                "--target | 1.01 | utilization_target must be greater than 0 and at most 1, was 1.01 (profile of p/m)",
                "--target | 1e999 | utilization_target must be greater than 0 and at most 1, was Infinity (profile of p/m)",
                "--concurrency | 0 | concurrency_cap must be greater than zero, was 0 (profile of p/m)",
                "--concurrency | 2147483648 | concurrency_cap must be at most 2147483647, was 2147483648",
            })
    @DisplayName("B4: an impossible value is wrong usage, told in one line, and creates nothing")
    void anImpossibleValueIsRefused(String option, String value, String message) {
        List<String> arguments = new ArrayList<>(List.of("limits", "set", "--provider", "p", "--model", "m"));
        for (String required : List.of("--rpm", "--tpm")) {
            if (!required.equals(option)) {
                arguments.addAll(List.of(required, "1"));
            }
        }
        arguments.addAll(List.of(option, value));
        Ran.in(project, arguments.toArray(String[]::new)).failed(ExitCode.USAGE, message + SEE);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void emptyNamesAreRefused() {
        set("", "m", "1", "1").failed(ExitCode.USAGE, "provider must not be blank" + SEE);
        set("p", "  ", "1", "1").failed(ExitCode.USAGE, "model must not be blank" + SEE);
        set("p", "m", "", "1")
                .failed(
                        ExitCode.USAGE,
                        "Invalid value for option '--rpm': '' is not a whole number, or too large" + SEE);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void aNameThatTheLocaleGarbledIsRefused() {
        set("p", "sch\ufffd\ufffdn", "1", "1")
                .failed(
                        ExitCode.USAGE,
                        "the name p/sch\ufffd\ufffdn cannot be read in this locale; set LC_ALL to a UTF-8 one,"
                                + " such as C.UTF-8" + SEE);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void missingAndRepeatedOptionsAreWrongUsage() {
        Ran.in(project, "limits", "set", "--provider", "p")
                .failed(ExitCode.USAGE, "Missing required options: '--model=NAME', '--rpm=N', '--tpm=N'" + SEE);
        set("p", "m", "1", "2", "--rpm", "3")
                .failed(ExitCode.USAGE, "option '--rpm' (N) should be specified only once" + SEE);
        Ran.sluice("limits", "set", "--provider")
                .failed(ExitCode.USAGE, "Missing required parameter for option '--provider' (NAME)" + SEE);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void otherEntriesStayAsTheyAreAndBadOnesAreWarnedOf() throws IOException {
        Path file = project.toRealPath().resolve(".sluice/model-rate-limits.json");
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "[5, {\"provider\": \"p\", \"model\": \"b\", \"rpm_limit\": 1, \"tpm_limit\": 2, \"new\": 0.10}]");
        Ran ran = set("p", "a", "1", "2");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith("✓ Saved p/a ");
        assertThat(ran.err()).startsWith("sluice: warning: " + file + ": entry 0: 5: write an object with the keys ");
        assertThat(ran.err().lines()).hasSize(1);
        assertThat(file).content().contains("[\n  5,\n  {", "\"new\": 0.10", "\"model\": \"a\"");
    }

    private Ran set(String provider, String model, String rpm, String tpm, String... more) {
        List<String> arguments = new ArrayList<>(List.of("limits", "set", "--provider", provider, "--model", model));
        arguments.addAll(List.of("--rpm", rpm, "--tpm", tpm));
        arguments.addAll(List.of(more));
        return Ran.in(project, arguments.toArray(String[]::new));
    }
}
