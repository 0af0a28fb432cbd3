package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.store.file.ProfileFile;
import io.sluice.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsListTest {

    @TempDir
    Path project;

    @Test
    @DisplayName("B2, D-RL-36: a project without a file has no profiles, and stays without one")
    void aProjectWithoutAFile() {
        Ran.in(project, "limits", "list").printed("No model rate-limit profiles configured.\n");
        Ran.in(project, "limits", "list", "--json").printed("""
                {
                  "profiles": []
                }
                """);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    @DisplayName("B2: one profile is one line")
    void oneProfileIsOneLine() {
        save("openai", "gpt-5.4", 120, 600_000, 0.8, 2);
        Ran.in(project, "limits", "list").printed("  openai/gpt-5.4 RPM=120 TPM=600000 target=0.80 concurrency=2\n");
    }

    @Test
    @DisplayName("B2, D-RL-38: rows are sorted by provider and model, aligned, unwrapped, and no markup")
    void rowsAreSortedAlignedAndPlain() {
        String large = "a-model-with-a-name-that-is-so-long-that-eighty-columns-would-not-be-enough-for-it";
        save("openai", large, 5, 90_000, 1, 10);
        save("azure", "[bold]m[/bold]", 60_000, 7, 0.7, 1);
        save("azure", "nope[/red]", 1, 1, 0.005, 1);
        save("azure", "模型", 1, 1, 0.125, 1);
        Ran.in(project, "limits", "list")
                .printed("  azure/[bold]m[/bold]" + " ".repeat(70) + "RPM=60000 TPM=7     target=0.70 concurrency=1\n"
                        + "  azure/nope[/red]" + " ".repeat(74) + "RPM=1     TPM=1     target=0.01 concurrency=1\n"
                        + "  azure/模型" + " ".repeat(82) + "RPM=1     TPM=1     target=0.12 concurrency=1\n"
                        + "  openai/" + large + " RPM=5     TPM=90000 target=1.00 concurrency=10\n");
    }

    @Test
    void jsonHasTheKeysOfTheFileAndWhatFollowsFromThem() {
        save("p", "schön", 10, 90_000, 0.7, 2);
        Ran.in(project, "limits", "list", "--json").printed("""
                {
                  "profiles": [
                    {
                      "provider": "p",
                      "model": "sch\\u00f6n",
                      "rpm_limit": 10,
                      "tpm_limit": 90000,
                      "utilization_target": 0.7,
                      "concurrency_cap": 2,
                      "source": "override",
                      "effective_rpm_limit": 7,
                      "effective_tpm_limit": 63000,
                      "max_concurrency": 2,
                      "oversize": "admit_alone",
                      "burst_seconds": null,
                      "skew_seconds": null,
                      "itpm_limit": null,
                      "effective_itpm_limit": null,
                      "otpm_limit": null,
                      "effective_otpm_limit": null,
                      "rpd_limit": null,
                      "effective_rpd_limit": null,
                      "tpd_limit": null,
                      "effective_tpd_limit": null,
                      "day_zone": null,
                      "pool": null,
                      "aliases": []
                    }
                  ]
                }
                """);
    }

    @Test
    void profilesThatStandInTheSiblingFileAreListedAsWell() {
        ProfileFile file = ProfileFile.in(project);
        file.save(RateLimitProfile.builder("p", "grows")
                .rpm(9)
                .tpm(8)
                .maxConcurrency(32)
                .build());
        file.save(RateLimitProfile.builder("a", "search").rpm(60).build());
        file.save(RateLimitProfile.builder(ModelKey.of("p", "grows").account("team-a"))
                .rpm(1)
                .tpm(2)
                .build());
        Ran.in(project, "limits", "list").printed("""
                          a/search       RPM=60 TPM=none target=0.70 concurrency=1
                          p/grows        RPM=9  TPM=8    target=0.70 concurrency=1..32
                          p/grows@team-a RPM=1  TPM=2    target=0.70 concurrency=1
                        """);
        assertThat(Json.read(Ran.in(project, "limits", "list", "--json").out())
                        .get("profiles")
                        .get(2)
                        .get("account")
                        .asString())
                .isEqualTo("team-a");
    }

    @Test
    void anUnusableEntryIsAWarningAndTheRestIsListed() throws IOException {
        Path file = write("[{\"provider\": \"p\", \"model\": \"a\", \"rpm_limit\": \"10\"},"
                + " {\"provider\": \"p\", \"model\": \"b\", \"rpm_limit\": 1, \"tpm_limit\": 2, \"unknown\": {}}]");
        Ran ran = Ran.in(project, "limits", "list");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo("  p/b RPM=1 TPM=2 target=0.70 concurrency=1\n");
        assertThat(ran.err())
                .isEqualTo("sluice: warning: " + file
                        + ": entry 0: rpm_limit is \"10\": write a whole number, without quotes\n");
    }

    @Test
    @DisplayName("D-RL-39: a copied row whose numbers no longer count is told")
    void aSupersededRowIsAWarning() throws IOException {
        Path file = write("[{\"provider\": \"openai\", \"model\": \"gpt-4o\", \"rpm_limit\": 3, \"tpm_limit\": 4,"
                + " \"source\": \"default\"}]");
        Ran ran = Ran.in(project, "limits", "list");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo("  openai/gpt-4o RPM=3 TPM=4 target=0.70 concurrency=1\n");
        assertThat(ran.err())
                .isEqualTo("sluice: warning: " + file + ": openai/gpt-4o has the source \"default\", so the built-in"
                        + " numbers count instead of RPM=3 TPM=4; to make these count, use 'sluice limits set'\n");
    }

    @Test
    void namesCannotDriveTheTerminal() {
        save("p", "m\u001b[31m\n\u202efdp", 1, 1, 1, 1);
        Ran.in(project, "limits", "list")
                .printed("  p/m\\u001b[31m\\u000a\\u202efdp RPM=1 TPM=1 target=1.00 concurrency=1\n");
    }

    private void save(String provider, String model, long rpm, long tpm, double target, int concurrency) {
        ProfileFile.in(project)
                .save(RateLimitProfile.builder(provider, model)
                        .rpm(rpm)
                        .tpm(tpm)
                        .utilizationTarget(target)
                        .concurrency(concurrency)
                        .source("override")
                        .build());
    }

    private Path write(String content) throws IOException {
        Path file = project.toRealPath().resolve(".sluice/model-rate-limits.json");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }
}
