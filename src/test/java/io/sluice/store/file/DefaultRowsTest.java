package io.sluice.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installed rows are copies: they must never freeze the numbers of their day. */
class DefaultRowsTest {

    private static final ModelKey GPT = ModelKey.of("openai", "gpt-4o");

    @TempDir
    Path project;

    private ProfileFile file;

    @BeforeEach
    void file() {
        file = ProfileFile.in(project);
    }

    @Test
    @DisplayName("D-RL-39: an installed row loses to a newer built-in one")
    void anInstalledRowLosesToANewerBuiltIn() {
        RateLimitProfile old = row(GPT, 3);
        file.save(old);
        assertThat(file.load(RateLimitProfiles.builtin()).resolve(GPT).rpm()).isEqualTo(500);
        assertThat(file.read().superseded(RateLimitProfiles.builtin()))
                .as("and is told apart")
                .containsExactly(old);
    }

    @Test
    void anyOtherSourceWins() {
        file.save(row(GPT, 3).toBuilder().source("override").build());
        assertThat(file.load(RateLimitProfiles.builtin()).resolve(GPT).rpm()).isEqualTo(3);
        assertThat(file.read().superseded(RateLimitProfiles.builtin())).isEmpty();
    }

    @Test
    void aRowThatIsNoLongerBuiltInStillCounts() {
        ModelKey gone = ModelKey.of("openai", "gpt-gone");
        file.save(row(gone, 3));
        RateLimitProfile loaded = file.load(RateLimitProfiles.current()).resolve(gone);
        assertThat(loaded.rpm()).isEqualTo(3);
        assertThat(loaded.maxConcurrency()).as("grows like a built-in row").isEqualTo(2);
    }

    @Test
    void freshlyInstalledRowsChangeNothing() {
        RateLimitProfiles base = RateLimitProfiles.current();
        file.install(RateLimitProfiles.builtin().defaults());
        assertThat(file.load(base).declared()).isEmpty();
        assertThat(file.read().superseded(base)).isEmpty();
        assertThat(file.load(base).resolve(ModelKey.of("openai", "gpt-5.5")).key())
                .as("an installed wildcard does not go before today's table")
                .isEqualTo(ModelKey.of("openai", "gpt-5.5"));
    }

    private static RateLimitProfile row(ModelKey key, long rpm) {
        return RateLimitProfile.builder(key)
                .rpm(rpm)
                .tpm(1_000)
                .maxConcurrency(2)
                .source("default")
                .build();
    }
}
