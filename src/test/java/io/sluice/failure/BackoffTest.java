package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({
        "-3, 0, PT1S",
        "0, 0, PT1S",
        "1, 0, PT1S",
        "2, 0, PT2S",
        "3, 0, PT4S",
        "6, 0, PT32S",
        "7, 0, PT1M",
        "8, 0, PT1M",
        "1, 0.5, PT1.1S",
        "2, 0.5, PT2.2S",
        "6, 0.5, PT35.2S",
        "7, 0.5, PT1M"
    })
    void itDoublesFromTheBaseAndTheJitterDoesNotPassTheLongest(long attempt, double random, Duration expected) {
        assertThat(Backoff.DEFAULT.delay(attempt, random)).isEqualTo(expected);
    }

    @Test
    void theThirdWaitOfABaseOfTwoSecondsIsEightPointEightSeconds() {
        Backoff backoff = new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(60), 0.2);
        assertThat(backoff.delay(3, 0.5)).isEqualTo(Duration.ofMillis(8_800));
    }

    @ParameterizedTest
    @ValueSource(longs = {63, 64, 65, 1_025, Integer.MAX_VALUE, Long.MAX_VALUE})
    void aLongRowOfFailuresDoesNotOverflow(long attempt) {
        assertThat(Backoff.DEFAULT.delay(attempt, 0.999)).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, -1, Double.NEGATIVE_INFINITY})
    void aBrokenRandomSourceAddsNothing(double random) {
        assertThat(Backoff.DEFAULT.delay(1, random)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Backoff.DEFAULT.delay(1, random, Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void aHintIsAFloorAndHardlyTwoWaitTheSame() {
        SplittableRandom random = new SplittableRandom(1);
        Duration hint = Duration.ofSeconds(10);
        Set<Duration> waits = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            Duration wait = Backoff.DEFAULT.delay(1 + i % 9, random.nextDouble(), hint);
            assertThat(wait).isBetween(hint, Duration.ofSeconds(12));
            waits.add(wait);
        }
        assertThat(waits).hasSizeGreaterThan(9_900);
    }

    @Test
    void aHintOfZeroGrowsWithEachRefusalAsIfThereWereNone() {
        assertThat(Backoff.DEFAULT.delay(1, 0.5, Duration.ZERO)).isEqualTo(Duration.ofMillis(1_100));
        assertThat(Backoff.DEFAULT.delay(4, 0.5, Duration.ZERO)).isEqualTo(Duration.ofMillis(8_800));
        assertThat(Backoff.DEFAULT.delay(4, 0.5, Duration.ofMillis(1)))
                .as("any other hint is believed")
                .isEqualTo(Duration.ofMillis(101));
    }

    @Test
    void aLongHintIsSpreadByTheLongestWaitAtMost() {
        assertThat(Backoff.DEFAULT.delay(1, 1, Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(11));
    }

    @Test
    void withoutAHintItIsTheBackoff() {
        assertThat(Backoff.DEFAULT.delay(3, 0, null)).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void durationsOfCenturiesDoNotOverflow() {
        Backoff endless = new Backoff(Duration.ofDays(200_000), Duration.ofSeconds(Long.MAX_VALUE), 1);
        assertThat(endless.delay(9, 0.9)).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
        assertThat(endless.delay(9, 0.9, Duration.ofSeconds(Long.MAX_VALUE)))
                .isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
    }

    @Test
    void valuesOutOfRangeAreRefusedByName() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), 0.2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("base");
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), 0.2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("max");
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1), Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jitter");
        assertThatThrownBy(() -> Backoff.DEFAULT.delay(1, 0.5, Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hint");
    }
}
