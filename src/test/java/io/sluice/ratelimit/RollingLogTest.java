package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RollingLogTest {

    @Test
    void aChargeCountsUntilExactlyOneWindowLater() {
        RollingLog log = new RollingLog(60);
        log.charge(5, 7);
        log.expire(64);
        assertThat(log.sum()).isEqualTo(7);
        log.expire(65);
        assertThat(log.sum()).isZero();
    }

    @Test
    void aRefundGoesIntoItsOwnChargeAndNotIntoANewerOne() {
        RollingLog log = new RollingLog(60);
        long old = log.charge(0, 10);
        log.charge(30, 10);
        log.refund(old, 4);
        assertThat(log.sum()).isEqualTo(16);
        log.expire(60);
        assertThat(log.sum()).isEqualTo(10);
        log.refund(old, 6);
        assertThat(log.sum()).as("it has left the window").isEqualTo(10);
    }

    @Test
    void itLooksAheadForTheInstantThatFreesEnough() {
        RollingLog log = new RollingLog(60);
        log.charge(0, 10);
        log.charge(10, 10);
        log.charge(20, 10);
        assertThat(log.window().freeAt(30, 25)).isEqualTo(25);
        assertThat(log.window().freeAt(20, 25)).isEqualTo(60);
        assertThat(log.window().freeAt(19, 25)).isEqualTo(70);
        assertThat(log.window().freeAt(0, 25)).isEqualTo(80);
        assertThat(log.window().freeAt(-1, 25)).isEqualTo(RollingLog.NEVER);
    }

    @Test
    void theLowerBoundCountsOnlyWhatCannotBeGivenBack() {
        RollingLog log = new RollingLog(60);
        long open = log.charge(0, 10);
        log.chargeFixed(10, 5);
        assertThat(log.window().freeAtBest(4, 20)).isEqualTo(70);
        assertThat(log.window().freeAtBest(5, 20)).isEqualTo(20);
        log.fix(open, 10);
        assertThat(log.window().freeAtBest(14, 20)).isEqualTo(60);
    }

    @Test
    void itIsExactWhileFewerThan2048ChargesAreLive() {
        RollingLog log = new RollingLog(1_000_000);
        for (int i = 0; i < RollingLog.EXACT; i++) {
            log.charge(i, 1);
        }
        assertThat(log.slots()).isEqualTo(RollingLog.EXACT);
        log.expire(1_000_000 + 10);
        assertThat(log.sum()).isEqualTo(RollingLog.EXACT - 11L);
    }

    @Test
    void aFullWindowTakesBoundedMemoryAndNeverLetsAChargeGoEarly() {
        long window = 1_000_000;
        RollingLog log = new RollingLog(window);
        Random random = new Random(42);
        List<long[]> all = new ArrayList<>();
        long now = 0;
        long most = 0;
        for (int i = 0; i < 40_000; i++) {
            now += random.nextInt(60);
            log.expire(now);
            long amount = 1L + random.nextInt(5);
            log.charge(now, amount);
            all.add(new long[] {now, amount});
            most = Math.max(most, log.slots());
            if (i % 500 == 0) {
                long until = now;
                long exact = sumSince(all, until - window);
                long atLeast = sumSince(all, until - window - window / RollingLog.EXACT);
                assertThat(log.sum()).isBetween(exact, atLeast);
            }
        }
        assertThat(most).isBetween((long) RollingLog.EXACT, 2L * RollingLog.EXACT + 2L);
    }

    private static long sumSince(List<long[]> all, long after) {
        return all.stream()
                .filter(charge -> charge[0] > after)
                .mapToLong(charge -> charge[1])
                .sum();
    }

    @Test
    void aRefundOfACoalescedChargeTakesOnlyItsOwnPart() {
        RollingLog log = new RollingLog(1_000_000);
        for (int i = 0; i < RollingLog.EXACT; i++) {
            log.charge(i, 1);
        }
        long first = log.charge(RollingLog.EXACT, 100);
        long second = log.charge(RollingLog.EXACT + 1, 50);
        assertThat(second).isEqualTo(first);
        log.refund(second, 50);
        assertThat(log.sum()).isEqualTo(RollingLog.EXACT + 100L);
    }
}
