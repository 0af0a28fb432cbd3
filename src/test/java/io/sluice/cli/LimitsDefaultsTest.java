package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.store.file.ProfileFile;
import io.sluice.support.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LimitsDefaultsTest {

    @TempDir
    Path project;

    @Test
    @DisplayName("B7, D-RL-38: the 21 rows in their order, aligned over all providers")
    void theBuiltInRows() {
        Ran ran = Ran.in(project, "limits", "defaults");
        assertThat(ran.code()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines)
                .hasSize(24)
                .startsWith(
                        "Built-in model rate-limit profiles",
                        "(conservative defaults — local overrides take precedence)",
                        "",
                        "  openai/gpt-4o               RPM=500    TPM=  30,000,000 target=0.70",
                        "  openai/gpt-4o-mini          RPM=500    TPM= 200,000,000 target=0.70")
                .contains("  anthropic/claude-3-5-sonnet RPM=2000   TPM=  40,000,000 target=0.70")
                .endsWith("  google/*                    RPM=360    TPM=   4,000,000 target=0.70");
        assertThat(lines.subList(3, 24)).allMatch(line -> line.indexOf("RPM=") == 30 && line.length() == 69);
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void todaysRowsHaveTheirDate() {
        Ran ran = Ran.in(project, "limits", "defaults", "--current");
        assertThat(ran.code()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines)
                .startsWith(
                        "Rate-limit profiles of today's models",
                        "(lowest tier of each provider — local overrides and built-in names take precedence)",
                        "")
                .contains("  google/gemini-2.5-flash      RPM=1000   TPM=   1,000,000 target=0.70 as of 2025-05");
        assertThat(lines.subList(3, lines.size()))
                .as("a row of a provider without a date needs one")
                .isNotEmpty()
                .allMatch(line -> line.matches(".* as of \\d{4}-\\d\\d(-\\d\\d)?( .*)?"));
        assertThat(project).isEmptyDirectory();
    }

    @Test
    void jsonHasTheSameRows() {
        JsonNode builtin =
                Json.read(Ran.in(project, "limits", "defaults", "--json").out());
        assertThat(builtin.propertyNames()).containsExactly("profiles");
        assertThat(builtin.get("profiles")).hasSize(21);
        assertThat(Json.compact(builtin.get("profiles").get(0)))
                .isEqualTo("{\"provider\":\"openai\",\"model\":\"gpt-4o\",\"rpm_limit\":500,\"tpm_limit\":30000000,"
                        + "\"utilization_target\":0.7,\"concurrency_cap\":1,\"source\":\"default\","
                        + "\"effective_rpm_limit\":350,\"effective_tpm_limit\":21000000,\"max_concurrency\":350,"
                        + "\"oversize\":\"admit_alone\",\"burst_seconds\":null,\"skew_seconds\":null,"
                        + "\"itpm_limit\":null,\"effective_itpm_limit\":null,\"otpm_limit\":null,"
                        + "\"effective_otpm_limit\":null,\"rpd_limit\":null,\"effective_rpd_limit\":null,"
                        + "\"tpd_limit\":null,\"effective_tpd_limit\":null,\"day_zone\":null,\"pool\":null,"
                        + "\"aliases\":[]}");
        JsonNode current = Json.read(
                Ran.in(project, "limits", "defaults", "--current", "--json").out());
        assertThat(current.get("profiles").get(0).get("as_of").asString()).isEqualTo("2026-09-24");
    }

    @Test
    @DisplayName("B8: install adds what the file does not have and counts it")
    void installAddsTheMissingRows() {
        ProfileFile file = ProfileFile.in(project);
        file.save(RateLimitProfile.builder("openai", "gpt-5.4").rpm(1).tpm(2).build());
        file.save(RateLimitProfile.builder("acme", "own").rpm(3).tpm(4).build());
        Ran ran = Ran.in(project, "limits", "defaults", "--install");
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .startsWith("Built-in model rate-limit profiles\n")
                .endsWith("target=0.70\n\n✓ Installed 20 new default(s) to .sluice/model-rate-limits.json"
                        + " (existing profiles preserved).\n");
        assertThat(file.read().profiles())
                .hasSize(22)
                .filteredOn(row -> row.source().equals("default"))
                .hasSize(20);
        assertThat(file.read().profiles()).extracting(RateLimitProfile::rpm).startsWith(1L, 3L);
        assertThat(Ran.in(project, "limits", "defaults", "--install").out())
                .endsWith("✓ Installed 0 new default(s) to .sluice/model-rate-limits.json"
                        + " (existing profiles preserved).\n");
    }

    @Test
    void installAsJsonSaysHowMany() {
        JsonNode first = Json.read(
                Ran.in(project, "limits", "defaults", "--install", "--json").out());
        assertThat(first.get("installed").asInt()).isEqualTo(21);
        assertThat(first.get("profiles")).hasSize(21);
        assertThat(ProfileFile.in(project).read().profiles()).hasSize(21);
    }

    @Test
    void todaysTableIsNotInstalled() {
        Ran.in(project, "limits", "defaults", "--current", "--install")
                .failed(
                        ExitCode.USAGE,
                        "--install adds the built-in rows and cannot be combined with --current;"
                                + " see 'sluice limits defaults --help'");
        assertThat(project).isEmptyDirectory();
    }
}
