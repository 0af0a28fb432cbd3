package io.sluice.store.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileFileTest {

    private static final String EXAMPLE = """
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
            ]""";

    @TempDir
    Path project;

    private ProfileFile file;

    @BeforeEach
    void file() {
        file = ProfileFile.in(project);
    }

    @Test
    void anAbsentFileSaysNothing() {
        ProfileFile.Contents contents = file.read();
        assertThat(contents.profiles()).isEmpty();
        assertThat(contents.problems()).isEmpty();
        assertThat(contents.path()).isEqualTo(project.resolve(".sluice/model-rate-limits.json"));
    }

    @Test
    @DisplayName("A52: the earlier system's example is written byte for byte")
    void theExampleIsWrittenByteForByte() {
        file.save(example());
        assertThat(file.path()).hasBinaryContent(EXAMPLE.getBytes(UTF_8));
    }

    @Test
    @DisplayName("A52: the earlier system's example is read, and saving what it says changes no byte")
    void theExampleIsReadAndKept() throws IOException {
        write(EXAMPLE);
        assertThat(file.read().profiles()).containsExactly(example());
        assertThat(file.read().problems()).isEmpty();
        file.save(example());
        assertThat(file.path()).hasBinaryContent(EXAMPLE.getBytes(UTF_8));
    }

    @Test
    void otherAlphabetsSurvive() {
        RateLimitProfile profile = profile("schön", "模型-😀[bold]", 1).build();
        file.save(profile);
        assertThat(file.path()).content(UTF_8).contains("sch\\u00f6n", "\\u6a21\\u578b-\\ud83d\\ude00[bold]");
        assertThat(file.read().profiles()).containsExactly(profile);
    }

    @Test
    void theSmallestAndTheLargestNumbersSurvive() {
        RateLimitProfile profile = RateLimitProfile.builder("p", "m")
                .rpm(1L << 53)
                .tpm(1)
                .utilizationTarget(Double.MIN_VALUE)
                .concurrency(Integer.MAX_VALUE)
                .build();
        file.save(profile);
        assertThat(file.read().profiles()).containsExactly(profile);
    }

    @Test
    void theLastThreeKeysMayBeAbsent() throws IOException {
        write("[{\"provider\": \" OpenAI \", \"model\": \"M\", \"rpm_limit\": 1, \"tpm_limit\": 2}]");
        assertThat(file.read().profiles())
                .containsExactly(
                        RateLimitProfile.builder("openai", "m").rpm(1).tpm(2).build());
    }

    @Test
    void aSavedProfileReplacesTheOneOfItsNameInItsPlace() {
        file.save(profile("p", "a", 1).build());
        file.save(profile("p", "b", 2).build());
        file.save(profile("P", "A", 3).build());
        assertThat(file.read().profiles())
                .extracting(RateLimitProfile::rpm)
                .as("in the order of the file")
                .containsExactly(3L, 2L);
    }

    @Test
    void aChangeIsMadeFromWhatTheFileHolds() {
        file.save(profile("p", "a", 1).concurrency(7).build());
        RateLimitProfile changed = file.change(
                ModelKey.of("p", "a"),
                old -> Objects.requireNonNull(old).toBuilder().rpm(9).build());
        assertThat(changed).isEqualTo(profile("p", "a", 9).concurrency(7).build());
        assertThat(file.read().profiles()).containsExactly(changed);
        file.change(ModelKey.of("p", "new"), old -> {
            assertThat(old).isNull();
            return profile("p", "new", 2).build();
        });
        assertThat(file.read().profiles()).hasSize(2);
    }

    @Test
    void aChangeThatFailsOrRenamesLeavesTheFileAsItWas() throws IOException {
        write(EXAMPLE);
        ModelKey key = ModelKey.of("openai", "gpt-5.4");
        assertThatThrownBy(() -> file.change(key, old -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThatThrownBy(
                        () -> file.change(key, old -> profile("p", "other", 1).build()))
                .hasMessage("the changed profile of openai/gpt-5.4 must keep its name, was p/other");
        assertThat(file.path()).hasContent(EXAMPLE);
    }

    @Test
    void installAddsWhatIsMissingAndKeepsTheRest() throws IOException {
        write(EXAMPLE);
        List<RateLimitProfile> rows = RateLimitProfiles.builtin().defaults();
        assertThat(file.install(rows)).hasSize(20).doesNotContain(example());
        assertThat(file.read().profiles())
                .hasSize(21)
                .startsWith(example())
                .containsAll(rows.stream()
                        .filter(row -> !row.key().equals(example().key()))
                        .toList());
        assertThat(file.read().problems()).isEmpty();
        byte[] installed = Files.readAllBytes(file.path());
        assertThat(file.install(rows)).as("a second time").isEmpty();
        assertThat(file.path()).hasBinaryContent(installed);
    }

    @Test
    void loadedProfilesGoBeforeTheBase() {
        file.save(profile("openai", "gpt-4o", 7).build());
        RateLimitProfiles loaded = file.load(RateLimitProfiles.builtin());
        assertThat(loaded.resolve(ModelKey.of("openai", "gpt-4o")).rpm()).isEqualTo(7);
        assertThat(loaded.resolve(ModelKey.of("openai", "o1")).rpm()).isEqualTo(500);
    }

    private static RateLimitProfile example() {
        return RateLimitProfile.builder("openai", "gpt-5.4")
                .rpm(120)
                .tpm(600_000)
                .utilizationTarget(0.8)
                .concurrency(2)
                .source("override")
                .build();
    }

    private static RateLimitProfile.Builder profile(String provider, String model, long rpm) {
        return RateLimitProfile.builder(provider, model).rpm(rpm).tpm(1_000);
    }

    private void write(String text) throws IOException {
        Files.createDirectories(file.path().getParent());
        Files.writeString(file.path(), text);
    }
}
