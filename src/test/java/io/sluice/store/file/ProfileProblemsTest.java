package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.support.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Single entries that make no sense: reported with place and advice, left out, and kept when the file is written. */
class ProfileProblemsTest {

    private static final String GOOD =
            "{\"provider\": \"good\", \"model\": \"one\", \"rpm_limit\": 5, \"tpm_limit\": 6}";

    @TempDir
    Path project;

    private ProfileFile file;

    @BeforeEach
    void file() throws IOException {
        file = ProfileFile.in(project);
        Files.createDirectories(file.path().getParent());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 | entry 0: 1: write an object with the keys provider, model, rpm_limit, tpm_limit,"
                        + " utilization_target, concurrency_cap, source",
                "null | entry 0: null: write an object with the keys provider, model, rpm_limit, tpm_limit,"
                        + " utilization_target, concurrency_cap, source",
                "{} | entry 0: provider is missing: add it",
                "{'provider':'p'} | entry 0: model is missing: add it",
                "{'provider':'p','model':'m'} | entry 0: rpm_limit is missing: add it",
                "{'provider':'p','model':'m','rpm_limit':1} | entry 0: tpm_limit is missing: add it",
                "{'provider':5} | entry 0: provider is 5: write a text in quotes",
                "{'provider':null} | entry 0: provider is null: write a text in quotes",
                "{'provider':' ','model':'m','rpm_limit':1,'tpm_limit':1}"
                        + " | entry 0: provider is ' ': provider must not be blank",
                "{'provider':'p','model':'','rpm_limit':1,'tpm_limit':1}"
                        + " | entry 0: model is '': model must not be blank",
                "{'provider':'p','model':'m','rpm_limit':'10','tpm_limit':1}"
                        + " | entry 0: rpm_limit is '10': write a whole number, without quotes",
                "{'provider':'p','model':'m','rpm_limit':1.5,'tpm_limit':1}"
                        + " | entry 0: rpm_limit is 1.5: write a whole number, without quotes",
                "{'provider':'p','model':'m','rpm_limit':true,'tpm_limit':1}"
                        + " | entry 0: rpm_limit is true: write a whole number, without quotes",
                "{'provider':'p','model':'m','rpm_limit':99999999999999999999,'tpm_limit':1}"
                        + " | entry 0: rpm_limit is 99999999999999999999: write a whole number, without quotes",
                "{'provider':'p','model':'m','rpm_limit':0,'tpm_limit':1}"
                        + " | entry 0: rpm_limit is 0: rpm_limit must be greater than zero",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':-1}"
                        + " | entry 0: tpm_limit is -1: tpm_limit must be greater than zero",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':9007199254740993}"
                        + " | entry 0: tpm_limit is 9007199254740993: tpm_limit must be at most 9007199254740992",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':1,'utilization_target':'0.7'}"
                        + " | entry 0: utilization_target is '0.7': write a number, without quotes",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':1,'utilization_target':1.01}"
                        + " | entry 0: utilization_target is 1.01: utilization_target must be greater than 0 and at most 1",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':1,'utilization_target':1e999999999}"
                        + " | entry 0: utilization_target is 1E+999999999: utilization_target must be greater than 0"
                        + " and at most 1",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':1,'utilization_target':1e-999999999}"
                        + " | entry 0: utilization_target is 1E-999999999: utilization_target must be greater than 0"
                        + " and at most 1",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':1,'concurrency_cap':0}"
                        + " | entry 0: concurrency_cap is 0: concurrency_cap must be greater than zero",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':1,'concurrency_cap':2147483648}"
                        + " | entry 0: concurrency_cap is 2147483648: write a number up to 2147483647",
                "{'provider':'p','model':'m','rpm_limit':1,'tpm_limit':1,'source':null}"
                        + " | entry 0: source is null: write a text in quotes",
                "{'provider':'p','model':'a\\nb, was','rpm_limit':0,'tpm_limit':1}"
                        + " | entry 0: rpm_limit is 0: rpm_limit must be greater than zero",
            })
    @DisplayName("D-RL-33: a bad entry is named with its place and what to do, and the rest is used")
    void aBadEntryIsReportedAndLeftOut(String entry, String problem) throws IOException {
        write("[" + entry.replace('\'', '"') + ", " + GOOD + "]");
        ProfileFile.Contents contents = file.read();
        assertThat(contents.problems()).extracting(EntryProblem::toString).containsExactly(problem.replace('\'', '"'));
        assertThat(contents.profiles()).extracting(RateLimitProfile::key).containsExactly(ModelKey.of("good", "one"));
    }

    @Test
    void aSaveKeepsBadEntriesAndUnknownKeys() throws IOException {
        String bad = "{\"provider\": \"p\", \"rpm_limit\": \"10\", \"x\": [1, 0.10, {}]}";
        String newer = GOOD.replace("}", ", \"concurrency_by_bucket\": {\"small\": 2.50}, \"tpm_thinking_budget\": 0}");
        write("[7, " + bad + ", " + newer + "]");
        file.save(RateLimitProfile.builder("good", "one").rpm(50).tpm(60).build());
        file.save(RateLimitProfile.builder("another", "one").rpm(1).tpm(1).build());
        JsonNode written = Json.read(Files.readAllBytes(file.path()));
        assertThat(written).hasSize(4);
        assertThat(written.get(0)).isEqualTo(Json.read("7"));
        assertThat(written.get(1)).isEqualTo(Json.read(bad));
        assertThat(Json.compact(written.get(2)))
                .isEqualTo("{\"provider\":\"good\",\"model\":\"one\",\"rpm_limit\":50,\"tpm_limit\":60,"
                        + "\"concurrency_by_bucket\":{\"small\":2.50},\"tpm_thinking_budget\":0,"
                        + "\"utilization_target\":0.7,\"concurrency_cap\":1,\"source\":\"local\"}");
        assertThat(written.get(3).get("provider").asString()).isEqualTo("another");
    }

    @Test
    void ofSeveralEntriesWithOneNameTheLastCountsAndIsChanged() throws IOException {
        write("[" + GOOD + ", " + GOOD.replace("5", "7").replace("good", "GOOD") + "]");
        ProfileFile.Contents contents = file.read();
        assertThat(contents.profiles()).extracting(RateLimitProfile::rpm).containsExactly(7L);
        assertThat(contents.problems())
                .extracting(EntryProblem::toString)
                .containsExactly("entry 0: model is \"one\": the same model stands again in entry 1, which counts:"
                        + " remove one of them");
        file.save(RateLimitProfile.builder("good", "one").rpm(8).tpm(9).build());
        assertThat(file.read().profiles()).extracting(RateLimitProfile::rpm).containsExactly(8L);
        assertThat(Json.read(Files.readAllBytes(file.path())).get(0)).isEqualTo(Json.read(GOOD));
    }

    @Test
    void aBadEntryThatNamesAModelIsNotInstalledOver() throws IOException {
        write("[{\"provider\": \"p\", \"model\": \"m\", \"rpm_limit\": \"10\"}]");
        RateLimitProfile row = RateLimitProfile.builder("p", "m").rpm(1).tpm(1).build();
        assertThat(file.install(List.of(row))).isEmpty();
        file.save(row);
        assertThat(file.read().profiles()).as("saved beside it").containsExactly(row);
        assertThat(file.read().problems()).hasSize(1);
    }

    @Test
    void aLongValueIsShownInPart() throws IOException {
        write("[\"" + "x".repeat(1_000) + "\"]");
        assertThat(file.read().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.value()).hasSize(81).endsWith("…");
            assertThat(problem.index()).isZero();
            assertThat(problem.field()).isNull();
        });
    }

    private void write(String text) throws IOException {
        Files.writeString(file.path(), text);
    }
}
