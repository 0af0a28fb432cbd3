package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.FailureClass;
import io.sluice.model.ModelKey;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitProfilesTest {

    @Test
    @DisplayName("A12: the 21 built-in rows, in order, with exact effective limits")
    void theBuiltInTable() {
        List<String> rows = RateLimitProfiles.builtin().defaults().stream()
                .map(row -> row.key() + " " + row.rpm() + " " + row.tpm() + " " + row.effectiveRpm() + " "
                        + row.effectiveTpm())
                .toList();
        assertThat(rows)
                .containsExactly(
                        "openai/gpt-4o 500 30000000 350 21000000",
                        "openai/gpt-4o-mini 500 200000000 350 140000000",
                        "openai/gpt-4-turbo 500 800000 350 560000",
                        "openai/gpt-3.5-turbo 3500 90000 2450 63000",
                        "openai/o1 500 30000000 350 21000000",
                        "openai/o1-mini 1000 200000000 700 140000000",
                        "openai/o3-mini 1000 200000000 700 140000000",
                        "openai/gpt-5.4 60 500000 42 350000",
                        "openai/* 500 500000 350 350000",
                        "anthropic/claude-opus-4 2000 40000000 1400 28000000",
                        "anthropic/claude-sonnet-4 2000 40000000 1400 28000000",
                        "anthropic/claude-haiku-3-5 2000 200000000 1400 140000000",
                        "anthropic/claude-3-5-sonnet 2000 40000000 1400 28000000",
                        "anthropic/claude-3-5-haiku 2000 200000000 1400 140000000",
                        "anthropic/claude-3-opus 2000 40000000 1400 28000000",
                        "anthropic/* 2000 40000000 1400 28000000",
                        "google/gemini-1.5-pro 360 4000000 252 2800000",
                        "google/gemini-1.5-flash 1000 4000000 700 2800000",
                        "google/gemini-2.0-flash 1000 4000000 700 2800000",
                        "google/gemini-2.5-pro 360 4000000 252 2800000",
                        "google/* 360 4000000 252 2800000");
        assertThat(RateLimitProfiles.builtin().defaults()).allSatisfy(row -> {
            assertThat(row.source()).isEqualTo("default");
            assertThat(row.utilizationTarget()).isEqualTo(0.7);
            assertThat(row.concurrencyCap()).isEqualTo(1);
            assertThat((long) row.maxConcurrency()).as("D-RL-12").isEqualTo(row.effectiveRpm());
        });
    }

    @Test
    void todaysTableRepeatsNoBuiltInNameAndHasNoWildcards() {
        var builtin = RateLimitProfiles.builtin().defaults().stream()
                .map(RateLimitProfile::key)
                .collect(Collectors.toSet());
        var current = RateLimitProfiles.current().defaults().stream().skip(21).toList();
        assertThat(current).isNotEmpty().allSatisfy(row -> {
            assertThat(builtin).doesNotContain(row.key());
            assertThat(row.key().isWildcard()).isFalse();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-4o, openai/gpt-4o",
        "openai/GPT-4o-2024-08-06, openai/gpt-4o",
        "openai/gpt-4o-mini-2024-07-18, openai/gpt-4o-mini",
        "openai/gpt-3.5-turbo-0125, openai/gpt-3.5-turbo",
        "openai/gpt-3.5-turbo-1106, openai/gpt-3.5-turbo",
        "openai/gpt-4o-audio-preview, openai/*",
        "openai/gpt-4o-1399, openai/*",
        "openai/gpt-5.5-2026-04-24, openai/gpt-5.5",
        "anthropic/claude-sonnet-4-20250514, anthropic/claude-sonnet-4",
        "anthropic/claude-sonnet-4@20250514, anthropic/claude-sonnet-4",
        "anthropic/claude-opus-4-5, anthropic/claude-opus-4-5",
        "anthropic/claude-opus-4-5-20251101, anthropic/claude-opus-4-5",
        "anthropic/claude-opus-4-9, anthropic/*",
        "anthropic/claude-3-opus-latest, anthropic/claude-3-opus",
        "google/gemini-2.0-flash-001, google/gemini-2.0-flash",
        "google/gemini-2.0-flash-lite, google/*",
    })
    @DisplayName("D-RL-11: dated names find their row, other names do not")
    void aModelFindsItsRow(String asked, String found) {
        assertThat(RateLimitProfiles.current().resolve(ModelKey.parse(asked)).key())
                .isEqualTo(ModelKey.parse(found));
    }

    @Test
    @DisplayName("A16: exact, then provider/*, then */model, then */*")
    void theOrderOfWildcards() {
        RateLimitProfiles profiles = RateLimitProfiles.none()
                .with(profile("*", "*", 1))
                .with(profile("*", "m", 2))
                .with(profile("p", "*", 3))
                .with(profile("p", "m", 4));
        assertThat(rpm(profiles, "p", "m")).isEqualTo(4);
        assertThat(rpm(profiles, "p", "x")).isEqualTo(3);
        assertThat(rpm(profiles, "x", "m")).isEqualTo(2);
        assertThat(rpm(profiles, "x", "y")).isEqualTo(1);
    }

    @Test
    void whatIsDeclaredGoesBeforeTodaysTableAndBuiltInWildcards() {
        RateLimitProfiles profiles = RateLimitProfiles.current().with(profile("*", "*", 7));
        assertThat(rpm(profiles, "openai", "gpt-5.5")).isEqualTo(7);
        assertThat(rpm(profiles, "openai", "unheard-of")).isEqualTo(7);
        assertThat(rpm(profiles, "openai", "gpt-4o"))
                .as("an exact built-in row")
                .isEqualTo(500);
    }

    @Test
    @DisplayName("A14: a later profile of the same key replaces the earlier, in its place")
    void aLaterProfileReplaces() {
        RateLimitProfiles profiles = RateLimitProfiles.none()
                .with(profile("p", "a", 1))
                .with(profile("p", "b", 2))
                .with(profile("p", "a", 3));
        assertThat(profiles.declared()).extracting(RateLimitProfile::rpm).containsExactly(3L, 2L);
    }

    @Test
    void anAccountsOwnProfileIsPreferred() {
        ModelKey key = ModelKey.of("p", "m");
        RateLimitProfiles profiles = RateLimitProfiles.none()
                .with(profile("p", "m", 1))
                .with(RateLimitProfile.builder(key.account("team-a")).rpm(2).build());
        assertThat(profiles.resolve(key.account("team-a")).rpm()).isEqualTo(2);
        assertThat(profiles.resolve(key.account("team-b")).rpm()).isEqualTo(1);
    }

    @Test
    @DisplayName("A17: no match")
    void anUnknownModelIsATypedError() {
        assertThatExceptionOfType(UnknownModelException.class)
                .isThrownBy(() -> RateLimitProfiles.builtin().resolve(ModelKey.of(" Acme ", "X")))
                .withMessageStartingWith("No rate-limit profile configured for acme/x")
                .satisfies(error -> {
                    assertThat(error.key()).isEqualTo(ModelKey.of("acme", "x"));
                    assertThat(error.failureClass()).isEqualTo(FailureClass.CALLER);
                });
    }

    @Test
    void changedProfilesAreFoundAsBefore() {
        RateLimitProfiles half = RateLimitProfiles.current()
                .with(profile("acme", "*", 7))
                .changed(row -> row.toBuilder().utilizationTarget(0.5).build());

        assertThat(half.resolve(ModelKey.of("openai", "gpt-4o-2024-08-06")).utilizationTarget())
                .isEqualTo(0.5);
        assertThat(half.resolve(ModelKey.of("acme", "x")).effectiveRpm()).isEqualTo(3);
        assertThat(half.declared()).hasSize(1);
        assertThat(half.defaults()).hasSameSizeAs(RateLimitProfiles.current().defaults());
    }

    @Test
    void aChangeKeepsTheKey() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RateLimitProfiles.builtin().changed(row -> profile("acme", "x", 1)))
                .withMessageContaining("must keep its key");
    }

    private static RateLimitProfile profile(String provider, String model, long rpm) {
        return RateLimitProfile.builder(provider, model).rpm(rpm).build();
    }

    private static Long rpm(RateLimitProfiles profiles, String provider, String model) {
        return profiles.resolve(ModelKey.of(provider, model)).rpm();
    }
}
