package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitSnapshot;
import io.sluice.store.file.ProfileFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsStatusTest {

    @TempDir
    Path project;

    @Test
    @DisplayName("B6, D-RL-36: six lines, of a built-in model, without creating anything")
    void sixLines() {
        status("OpenAI", "GPT-5.4").printed("""
                openai/gpt-5.4
                  RPM: 0 / 42 (limit 60, target 42)
                  TPM: 0 / 350,000 (limit 500,000)
                  Utilization: RPM 0.0%  TPM 0.0%
                  Concurrency: 0 in-flight / 1 cap (base 1)
                  Moving avg:  0.0 req/window  0 tok/window
                """);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    @DisplayName("B6: the earlier system's example, line by line")
    void theExampleOfTheEarlierSystem() {
        RateLimitProfile profile = RateLimitProfile.builder("openai", "gpt-5.4")
                .rpm(60)
                .tpm(500_000)
                .build();
        RateLimitSnapshot now = new RateLimitSnapshot(
                profile.key(), profile, 3, 341_693, 2.6, 295_423, 1, 1, 0, Duration.ZERO, Duration.ZERO);
        assertThat(StatusLines.of(now)).containsExactly("""
                openai/gpt-5.4
                  RPM: 3 / 42 (limit 60, target 42)
                  TPM: 341,693 / 350,000 (limit 500,000)
                  Utilization: RPM 7.1%  TPM 97.6%
                  Concurrency: 1 in-flight / 1 cap (base 1)
                  Moving avg:  2.6 req/window  295,423 tok/window
                """.split("\n"));
    }

    @Test
    void aLimitThatIsNotThereIsSaid() {
        RateLimitProfile profile = RateLimitProfile.builder("tool", "search").build();
        RateLimitSnapshot now =
                new RateLimitSnapshot(profile.key(), profile, 3, 1_000, 0, 0, 1, 0, 0, Duration.ZERO, Duration.ZERO);
        assertThat(StatusLines.of(now)).contains("  RPM: 3 (no limit)", "  TPM: 1,000 (no limit)");
        assertThat(ProfileJson.ofStatus(now).get("effective_rpm_limit").isNull())
                .isTrue();
    }

    @Test
    @DisplayName("B5: the project's profile goes before the built-in one")
    void theProjectsProfileGoesFirst() {
        save(RateLimitProfile.builder("openai", "gpt-5.4")
                .rpm(120)
                .tpm(600_000)
                .utilizationTarget(0.8)
                .concurrency(2));
        assertThat(status("openai", "gpt-5.4").out())
                .startsWith("openai/gpt-5.4\n  RPM: 0 / 96 (limit 120, target 96)\n")
                .contains("  Concurrency: 0 in-flight / 2 cap (base 2)\n");
    }

    @Test
    @DisplayName("B6: the model that was asked for is shown, and whose limits it has")
    void limitsOfAnotherNameAreSaidToBe() {
        assertThat(firstLine("openai", "GPT-9")).isEqualTo("openai/gpt-9 (limits of openai/*)");
        assertThat(firstLine("openai", "gpt-4o-2024-08-06"))
                .isEqualTo("openai/gpt-4o-2024-08-06 (limits of openai/gpt-4o)");
        assertThat(firstLine("openai", "gpt-5.5")).as("of today's table").isEqualTo("openai/gpt-5.5");
        assertThat(firstLine("openai", "*")).isEqualTo("openai/*");
        save(RateLimitProfile.builder("*", "*").rpm(1).tpm(1));
        assertThat(firstLine("acme", "x[/red]")).isEqualTo("acme/x[/red] (limits of */*)");
    }

    @Test
    @DisplayName("B5: no match is told with the names as they were given, exit code 1")
    void noMatch() {
        status("Acme", "Nope[/red]")
                .failed(
                        ExitCode.FAILED,
                        "No profile found for Acme/Nope[/red]. Use 'sluice limits set' to configure one.");
        status("Acme", "a\u001b[0m\nb")
                .failed(
                        ExitCode.FAILED,
                        "No profile found for Acme/a\\u001b[0m\\u000ab. Use 'sluice limits set' to configure one.");
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void jsonHasTheFieldsOfASnapshotAndWhereTheLimitsComeFrom() {
        Ran.in(project, "limits", "status", "--provider", "openai", "--model", "gpt-9", "--json")
                .printed("""
                        {
                          "provider": "openai",
                          "model": "gpt-9",
                          "rpm_limit": 500,
                          "tpm_limit": 500000,
                          "effective_rpm_limit": 350,
                          "effective_tpm_limit": 350000,
                          "rolling_request_count": 0,
                          "rolling_token_count": 0,
                          "moving_average_requests": 0.0,
                          "moving_average_tokens": 0.0,
                          "request_utilization": 0.0,
                          "token_utilization": 0.0,
                          "base_concurrency_cap": 1,
                          "current_concurrency_cap": 1,
                          "in_flight": 0,
                          "pending": 0,
                          "limits_from": {
                            "provider": "openai",
                            "model": "*",
                            "source": "default"
                          }
                        }
                        """);
    }

    @Test
    void emptyNamesAndMissingOptionsAreWrongUsage() {
        status("openai", "").failed(ExitCode.USAGE, "model must not be blank; see 'sluice limits status --help'");
        Ran.in(project, "limits", "status", "--provider", "p")
                .failed(ExitCode.USAGE, "Missing required option: '--model=NAME'; see 'sluice limits status --help'");
    }

    private String firstLine(String provider, String model) {
        return status(provider, model).out().lines().findFirst().orElseThrow();
    }

    private Ran status(String provider, String model) {
        return Ran.in(project, "limits", "status", "--provider", provider, "--model", model);
    }

    private void save(RateLimitProfile.Builder profile) {
        ProfileFile.in(project).save(profile.build());
    }
}
