package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollingSumTest {

    @Test
    void anAmountCountsUntilItIsAsOldAsTheWindow() {
        RollingSum sum = new RollingSum(100);
        sum.add(5, 10);
        sum.add(7, 60);
        sum.age(109);
        assertThat(sum.sum()).isEqualTo(12);
        sum.age(110);
        assertThat(sum.sum()).isEqualTo(7);
        assertThat(sum.atMost(6, 110)).isEqualTo(160);
        assertThat(sum.atMost(7, 110)).isEqualTo(110);
        sum.age(160);
        assertThat(sum.sum()).isZero();
    }

    @Test
    void whatIsTakenBackIsTakenFromWhenItWasCounted() {
        RollingSum sum = new RollingSum(100);
        sum.add(5, 10);
        sum.add(7, 60);
        sum.refund(3, 10);
        sum.age(110);
        assertThat(sum.sum()).as("of the second nothing was taken back").isEqualTo(7);
        sum.refund(5, 10);
        assertThat(sum.sum()).as("it is forgotten already").isEqualTo(7);
        sum.refund(100, 60);
        assertThat(sum.sum()).isZero();
    }

    @Test
    void aClockThatIsPutBackKeepsNothingForLongerThanTheWindow() {
        RollingSum sum = new RollingSum(100);
        sum.add(5, 1_000_000);
        sum.age(500);
        assertThat(sum.sum()).isEqualTo(5);
        sum.age(599);
        assertThat(sum.sum()).isEqualTo(5);
        sum.age(600);
        assertThat(sum.sum()).isZero();
    }

    private record Entry(long at, long amount) {}

    /** Against a list: never too low, and too high only by what was spent in a 1,024th of the window more. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theSumIsNeverTooLowAndHasFewEntries(long seed) {
        Random random = new Random(seed);
        long window = 1 << 20;
        RollingSum sum = new RollingSum(window);
        List<Entry> all = new ArrayList<>();
        long now = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(seed % 2 == 0 ? 5_000 : 100);
            sum.age(now);
            long amount = random.nextInt(10);
            sum.add(amount, now);
            all.add(new Entry(now, amount));
            if (i % 50 == 0) {
                long at = now;
                all.removeIf(entry -> at - entry.at() >= window + window / 512);
                long least = all.stream()
                        .filter(entry -> at - entry.at() < window)
                        .mapToLong(Entry::amount)
                        .sum();
                long most = all.stream()
                        .filter(entry -> at - entry.at() < window + window / 1_024)
                        .mapToLong(Entry::amount)
                        .sum();
                assertThat(sum.sum()).isBetween(least, most);
                assertThat(sum.size()).isLessThanOrEqualTo(2_049);
            }
        }
    }
}
