package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitSnapshot;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.ratelimit.RateLimitState.Charge;
import io.sluice.store.file.ProfileFile;
import io.sluice.store.file.SavedState;
import io.sluice.store.file.StateFile;
import io.sluice.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LimitsStatusTest {

    private static final ModelKey GPT = ModelKey.of("openai", "gpt-5.4");

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
        assertThat(StatusLines.of(status(now))).containsExactly("""
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
        assertThat(StatusLines.of(status(now))).contains("  RPM: 3 (no limit)", "  TPM: 1,000 (no limit)");
        assertThat(ProfileJson.ofStatus(status(now)).get("effective_rpm_limit").isNull())
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
                          },
                          "further": {},
                          "pool": null
                        }
                        """);
    }

    @Test
    void emptyNamesAndMissingOptionsAreWrongUsage() {
        status("openai", "").failed(ExitCode.USAGE, "model must not be blank; see 'sluice limits status --help'");
        Ran.in(project, "limits", "status", "--provider", "p")
                .failed(ExitCode.USAGE, "Missing required option: '--model=NAME'; see 'sluice limits status --help'");
    }

    @Test
    @DisplayName("D-RL-37: what a running program saved is shown as of now, and when it was saved")
    void whatARunningProgramSavedIsShown() {
        Instant at = Instant.now().minusSeconds(20);
        save(
                new RateLimitState(
                        GPT,
                        at,
                        List.of(new Charge(at.minusSeconds(50), 30), new Charge(at.minusSeconds(1), 3)),
                        List.of(new Charge(at.minusSeconds(50), 9), new Charge(at.minusSeconds(1), 341_693)),
                        5,
                        1,
                        4,
                        2.6,
                        295_423,
                        at.plusSeconds(200)),
                Duration.ofMinutes(1),
                null);
        save(requests(ModelKey.of("openai", "another"), at, 1), Duration.ofMinutes(1), null);
        assertThat(status("OpenAI", "GPT-5.4").out()).matches("""
                openai/gpt-5\\.4
                  RPM: 3 / 42 \\(limit 60, target 42\\)
                  TPM: 341,693 / 350,000 \\(limit 500,000\\)
                  Utilization: RPM 7\\.1%  TPM 97\\.6%
                  Concurrency: 4 in-flight / 5 cap \\(base 1\\)
                  Moving avg:  2\\.6 req/window  295,423 tok/window
                  Saved:       2\\d s ago, for a window of 60 s
                  Paused:      for (3 min 0|2 min 5\\d) s
                """);
        JsonNode json =
                Json.read(Ran.in(project, "limits", "status", "--provider", "openai", "--model", "gpt-5.4", "--json")
                        .out());
        assertThat(json.get("rolling_request_count").intValue()).isEqualTo(3);
        assertThat(json.get("in_flight").intValue()).isEqualTo(4);
        assertThat(json.get("saved_at").asString()).isEqualTo(at.toString());
        assertThat(json.get("window_seconds").intValue()).isEqualTo(60);
        assertThat(json.get("paused_until").asString())
                .isEqualTo(at.plusSeconds(200).toString());
        status("openai", "gpt-4o").printed("""
                openai/gpt-4o
                  RPM: 0 / 350 (limit 500, target 350)
                  TPM: 0 / 21,000,000 (limit 30,000,000)
                  Utilization: RPM 0.0%  TPM 0.0%
                  Concurrency: 0 in-flight / 1 cap (base 1)
                  Moving avg:  0.0 req/window  0 tok/window
                """);
    }

    @Test
    @DisplayName("D-RL-29: however the clock was moved since, counts are those of one window")
    void aClockThatWasMovedIsShownSensibly() {
        Instant future = Instant.now().plus(Duration.ofDays(4_000));
        save(
                new RateLimitState(GPT, future, List.of(new Charge(future, 3)), List.of(), 1, 0, 0, 0, 0, null),
                Duration.ofMinutes(1),
                null);
        assertThat(status("openai", "gpt-5.4").out())
                .contains("  RPM: 3 / 42 ", "  Saved:       0 s ago, for a window of 60 s\n");
        Instant past = Instant.now().minus(Duration.ofHours(50));
        save(
                new RateLimitState(GPT, past, List.of(new Charge(past, 3)), List.of(), 0, 0, 2, 0, 0, past),
                Duration.ofMillis(500),
                null);
        assertThat(status("openai", "gpt-5.4").out())
                .contains("  RPM: 0 / 42 ", "  Concurrency: 2 in-flight / 1 cap (base 1)\n")
                .endsWith("  Saved:       2 d 2 h ago, for a window of 0.5 s\n");
    }

    @Test
    void theLimitsThatAProgramWentByAreShownWhileItsChargesCount() {
        RateLimitProfile own = RateLimitProfile.builder("*", "*")
                .rpm(10)
                .utilizationTarget(1)
                .source("command line")
                .build();
        ModelKey unheardOf = ModelKey.of("simulator", "gpt-sim");
        Instant now = Instant.now();
        save(requests(GPT, now, 5), Duration.ofMinutes(1), own);
        save(requests(unheardOf, now.minusSeconds(200), 5), Duration.ofMinutes(1), own);
        assertThat(status("openai", "gpt-5.4").out())
                .startsWith(
                        "openai/gpt-5.4 (limits of */*)\n  RPM: 5 / 10 (limit 10, target 10)\n  TPM: 0 (no limit)\n");
        assertThat(status("simulator", "gpt-sim").out())
                .as("where the project has none, also later")
                .startsWith("simulator/gpt-sim (limits of */*)\n  RPM: 0 / 10 (limit 10, target 10)\n");
    }

    @Test
    void onceItsChargesAreOverTheProjectsLimitsAreShown() {
        RateLimitProfile own = RateLimitProfile.builder("*", "*").rpm(10).build();
        save(requests(GPT, Instant.now().minusSeconds(61), 5), Duration.ofMinutes(1), own);
        assertThat(status("openai", "gpt-5.4").out())
                .startsWith("openai/gpt-5.4\n  RPM: 0 / 42 (limit 60, target 42)\n");
    }

    @Test
    @DisplayName("D-RL-33: a damaged state file is told and left alone, a bad value in it is a warning")
    void aDamagedStateFileIsTold() throws IOException {
        Path file = project.toRealPath().resolve(".sluice/model-rate-limit-state.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"states\": {}, \"reservations\": {}}");
        status("openai", "gpt-5.4")
                .failed(
                        ExitCode.FAILED,
                        file + " is the state file of another program, and cannot be used here. Nothing was changed;"
                                + " move it away to start anew.");
        assertThat(file).hasContent("{\"states\": {}, \"reservations\": {}}");
        Files.writeString(file, "{\"models\": [7]}");
        Ran ran = status("openai", "gpt-5.4");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).contains("  RPM: 0 / 42 ").doesNotContain("Saved");
        assertThat(ran.err()).startsWith("sluice: warning: " + file + ": entry 0: 7: write an object ");
    }

    private static ModelStatus status(RateLimitSnapshot now) {
        return new ModelStatus(now, null, Instant.EPOCH);
    }

    private void save(RateLimitState state, Duration window, RateLimitProfile limits) {
        StateFile.in(project).save(List.of(new SavedState(state, window, limits)));
    }

    private static RateLimitState requests(ModelKey key, Instant at, long amount) {
        return new RateLimitState(key, at, List.of(new Charge(at, amount)), List.of(), 1, 0, 0, 0, 0, null);
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
