package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelMeterTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;

    private static ModelMeter meter(ModelLimits limits) {
        return new ModelMeter(limits, Duration.ofSeconds(1));
    }

    private static Verdict.Charge admitted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Admitted.class);
        return ((Verdict.Admitted) verdict).charge();
    }

    private static Verdict.Refused refused(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return (Verdict.Refused) verdict;
    }

    @Test
    void theLimitThatKeepsARequestOutLongestIsNamed() {
        ModelMeter meter = meter(ModelLimits.of(2, 100));
        admitted(meter.offer(0, 10, 50));
        Verdict.Refused tokens = refused(meter.offer(10, 10, 31));
        assertThat(tokens.dimension()).isEqualTo(Dimension.TOKENS);
        assertThat(tokens.standing().tokens().used()).isEqualTo(60);
        assertThat(tokens.waitNanos()).isEqualTo(SECOND - 10);
        admitted(meter.offer(20, 20, 20));
        Verdict.Refused requests = refused(meter.offer(30, 0, 0));
        assertThat(requests.dimension()).isEqualTo(Dimension.REQUESTS);
        assertThat(requests.standing().requests().used()).isEqualTo(2);
        assertThat(requests.waitNanos()).isEqualTo(SECOND - 30);
        assertThat(meter.highest()).isEqualTo(new HighestUse(2, 100, 30, 70));
    }

    @Test
    void aWholeLimitIsNotTooLargeButOneMoreIs() {
        ModelMeter meter = meter(ModelLimits.of(9, 100));
        assertThat(meter.offer(0, 1, 100)).isInstanceOf(Verdict.TooLarge.class);
        admitted(meter.offer(0, 0, 100));
    }

    @Test
    void refusedRequestsDoNotCount() {
        ModelMeter meter = meter(ModelLimits.of(1, 100));
        admitted(meter.offer(0, 1, 0));
        for (int now = 1; now < 1_000; now++) {
            refused(meter.offer(now * MILLI, 1, 0));
        }
        admitted(meter.offer(SECOND, 1, 0));
    }

    @Test
    void aTimeThatGoesBackCountsAsTheLatest() {
        ModelMeter meter = meter(ModelLimits.of(1, 100));
        admitted(meter.offer(50, 1, 0));
        assertThat(refused(meter.offer(40, 1, 0)).waitNanos()).isEqualTo(SECOND);
    }

    @Test
    void inputAndOutputHaveLimitsOfTheirOwn() {
        ModelMeter meter = meter(ModelLimits.apart(9, 100, 50));
        admitted(meter.offer(0, 60, 20));
        assertThat(refused(meter.offer(0, 41, 1)).dimension()).isEqualTo(Dimension.INPUT);
        assertThat(refused(meter.offer(0, 1, 31)).dimension()).isEqualTo(Dimension.OUTPUT);
        admitted(meter.offer(0, 40, 30));
        assertThat(meter.offer(0, 1, 51))
                .isInstanceOfSatisfying(
                        Verdict.TooLarge.class,
                        large -> assertThat(large.dimension()).isEqualTo(Dimension.OUTPUT));
    }

    @ParameterizedTest
    @EnumSource(WindowKind.class)
    void chargingTheCapKeepsItForTheWholeWindow(WindowKind kind) {
        ModelMeter meter = meter(ModelLimits.of(9, 100).kind(kind));
        meter.end(0, admitted(meter.offer(0, 20, 80)), 5);
        refused(meter.offer(0, 1, 0));
    }

    @ParameterizedTest
    @EnumSource(WindowKind.class)
    void theUnusedPartOfTheCapComesBackAtTheEnd(WindowKind kind) {
        ModelMeter meter = meter(ModelLimits.of(9, 100).kind(kind).charging(Charging.CAP_THEN_ACTUAL));
        Verdict.Charge first = admitted(meter.offer(0, 20, 80));
        refused(meter.offer(0, 1, 0));
        meter.end(0, first, 5);
        refused(meter.offer(0, 76, 0));
        admitted(meter.offer(0, 75, 0));
    }

    @ParameterizedTest
    @EnumSource(WindowKind.class)
    void actualOutputCountsWhenTheCallEnds(WindowKind kind) {
        ModelMeter meter = meter(ModelLimits.apart(9, 100, 10).kind(kind).charging(Charging.ACTUAL));
        Verdict.Charge first = admitted(meter.offer(0, 1, 1_000));
        Verdict.Charge second = admitted(meter.offer(0, 1, 1_000));
        meter.end(0, first, 6);
        admitted(meter.offer(0, 1, 1_000));
        meter.end(0, second, 8);
        assertThat(refused(meter.offer(0, 1, 1)).dimension()).isEqualTo(Dimension.OUTPUT);
        assertThat(meter.highest().outputTokens())
                .as("calls that end together may use more than the limit")
                .isEqualTo(14);
        assertThat(refused(meter.offer(0, 1, 1)).waitNanos())
                .isEqualTo(kind == WindowKind.TOKEN_BUCKET ? 500 * MILLI : SECOND);
    }

    @ParameterizedTest
    @CsvSource({"60000, 1, 1000", "60000, 10, 10000", "90, 10, 15", "120, 1, 2", "30, 1, 1", "100, 1, 1"})
    void aQuantumLetsItsShareOfTheMinuteInAtOnce(long requests, long quantum, int atOnce) {
        for (WindowKind kind : WindowKind.values()) {
            ModelMeter meter = new ModelMeter(
                    ModelLimits.of(requests, 1_000).kind(kind).quantised(Duration.ofSeconds(quantum)),
                    Duration.ofSeconds(60));
            for (int i = 0; i < atOnce; i++) {
                admitted(meter.offer(0, 0, 0));
            }
            assertThat(refused(meter.offer(0, 0, 0)).dimension()).isEqualTo(Dimension.REQUESTS);
        }
    }

    @ParameterizedTest
    @EnumSource(WindowKind.class)
    void anEvenPaceGetsTheWholeRateWhateverTheQuantum(WindowKind kind) {
        for (long requests : new long[] {1, 7, 59, 60, 61, 100, 119, 1_000, 77_777}) {
            ModelMeter meter = new ModelMeter(
                    ModelLimits.of(requests, 1_000).kind(kind).quantised(Duration.ofSeconds(1)),
                    Duration.ofSeconds(60));
            for (int i = 0; i < 200; i++) {
                // A client that spaces its requests by window / requests, rounded up to whole nanoseconds.
                admitted(meter.offer(i * ((60 * SECOND + requests - 1) / requests), 0, 0));
            }
        }
    }

    @Test
    void aFixedMinuteBeginsWithTheWallClocks() {
        ModelMeter meter = new ModelMeter(ModelLimits.of(1, 100).kind(WindowKind.FIXED), Duration.ofSeconds(60));
        long start = 1_700_000_015 * SECOND;
        admitted(meter.offer(start, 1, 0));
        assertThat(refused(meter.offer(start + SECOND, 1, 0)).waitNanos())
                .as("1,700,000,040 is a whole minute")
                .isEqualTo(24 * SECOND);
        admitted(meter.offer(start + 25 * SECOND, 1, 0));
    }
}
