package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LatencyTest {

    private static final long MILLI = 1_000_000;

    private static long[] draws(Latency latency, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return LongStream.range(0, 100_000)
                .map(i -> latency.sample(random) / MILLI)
                .sorted()
                .toArray();
    }

    @Test
    void aLogNormalLatencyHasItsMedianAndItsTail() {
        long[] draws = draws(Latency.logNormal(Duration.ofMillis(400), Duration.ofSeconds(3)), 1);
        assertThat(draws[50_000]).isBetween(390L, 410L);
        assertThat(draws[99_000]).isBetween(2_800L, 3_200L);
        assertThat(draws[0]).isPositive();
    }

    @Test
    void spikesComeOnTopAsOftenAsTheyAreTo() {
        Latency spiky = Latency.between(Duration.ofMillis(50), Duration.ofMillis(250))
                .spikes(0.01, Duration.ofSeconds(10), Duration.ofSeconds(30));
        long[] draws = draws(spiky, 2);
        assertThat(draws[0]).isGreaterThanOrEqualTo(50);
        long spikes = LongStream.of(draws).filter(millis -> millis > 250).count();
        assertThat(spikes).isBetween(850L, 1_150L);
        assertThat(draws[99_999]).isBetween(29_000L, 30_250L);
        assertThat(LongStream.of(draws)
                        .filter(millis -> millis > 250 && millis < 10_050)
                        .count())
                .isZero();
    }

    @Test
    void theSameSeedGivesTheSameLatencies() {
        Latency latency = Latency.logNormal(Duration.ofMillis(400), Duration.ofSeconds(3));
        assertThat(draws(latency, 3)).isEqualTo(draws(latency, 3)).isNotEqualTo(draws(latency, 4));
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Latency.fixed(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Latency.fixed(Duration.ofDays(400_000)));
        assertThatIllegalArgumentException().isThrownBy(() -> Latency.logNormal(Duration.ZERO, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Latency.none().spikes(Double.NaN, Duration.ZERO, Duration.ZERO));
        assertThat(Latency.none().sample(new SplittableRandom(1))).isZero();
    }
}
