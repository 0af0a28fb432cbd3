package io.sluice.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Some seconds of what {@code mvn -P jmh verify -Djmh.main=io.sluice.bench.soak.Soak} does for half an hour. */
class SoakTest {

    private static final Duration TIME = Duration.ofSeconds(Boolean.getBoolean("sluice.long") ? 300 : 8);

    @Test
    void nothingIsLeftOverAfterTroubleOfAllKinds() {
        SoakRun.Report report = Objects.requireNonNull(SoakRun.of(TIME, 42, 300).block(TIME.plusMinutes(1)));
        System.out.println(report.line());
        assertThat(report.calls()).isGreaterThan(TIME.toSeconds() * 50);
        assertThat(report.open()).as("never ended").isZero();
        assertThat(report.toldTwice()).as("told twice").isZero();
        assertThat(report.leftOver()).isEmpty();
        assertThat(report.endings()).containsKeys("completed", "cancelled", "BudgetExceededException");
        assertThat(report.heapAtLast() - report.heapAtFirst())
                .as("growth of the heap")
                .isLessThan(16 << 20);
    }
}
