package io.sluice.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows against lists of all results. */
class CallWindowTest {

    private record Result(boolean failed, boolean slow, long at) {}

    private static void assertHolds(CallWindow window, List<Result> results, String what) {
        assertThat(window.calls()).as(what).isEqualTo(results.size());
        assertThat(window.failed()).as(what).isEqualTo((int)
                results.stream().filter(Result::failed).count());
        assertThat(window.slow()).as(what).isEqualTo((int)
                results.stream().filter(Result::slow).count());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 100, 1_000})
    void aCountWindowHoldsTheLastCallsExactly(int size) {
        Random random = new Random(size);
        List<Result> all = new ArrayList<>();
        CallWindow window = new CountWindow(size);
        for (int i = 0; i < 3 * size + 10; i++) {
            Result result = new Result(random.nextInt(3) == 0, random.nextInt(4) == 0, i);
            all.add(result);
            window = window.with(result.failed, result.slow, i);
            assertHolds(window, all.subList(Math.max(0, all.size() - size), all.size()), "after " + i);
        }
    }

    @Test
    void aTimeWindowHoldsWholeSlicesOfTheLastTime() {
        long seed = 42;
        Random random = new Random(seed);
        List<Result> all = new ArrayList<>();
        CallWindow window = new TimeWindow(1_000);
        long now = 0;
        for (int i = 0; i < 5_000; i++) {
            now += random.nextInt(20) == 0 ? random.nextInt(3_000) : random.nextInt(60);
            Result result = new Result(random.nextBoolean(), random.nextInt(4) == 0, now);
            all.add(result);
            window = window.with(result.failed, result.slow, now);
            long oldest = now / 100 - 9;
            List<Result> live =
                    all.stream().filter(one -> one.at / 100 >= oldest).toList();
            assertHolds(window, live, "seed " + seed + ", call " + i);
        }
        CallWindow later = window.at(now + 1_000);
        assertThat(later.calls()).isZero();
        assertThat(window.at(now).calls()).isEqualTo(window.calls());
    }

    @Test
    void aClockThatGoesBackLosesNothing() {
        CallWindow window = new TimeWindow(1_000).with(true, false, 5_000).with(true, false, 3_000);
        assertThat(window.calls()).isEqualTo(2);
        assertThat(window.at(0).failed()).isEqualTo(2);
    }

    @Test
    void anEmptyWindowHasNoShares() {
        assertThat(new CountWindow(5).failureRate()).isZero();
        assertThat(CallWindow.NONE.with(true, true, 0).slowRate()).isZero();
    }
}
