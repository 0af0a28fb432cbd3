package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Charges that come into a log with a stamp before its newest. */
class LateChargeTest {

    private static final long WINDOW = 1_000;

    private static final class Charge {
        final long id;
        final long stamp;
        long amount;

        Charge(long id, long stamp, long amount) {
            this.id = id;
            this.stamp = stamp;
            this.amount = amount;
        }
    }

    @Test
    void aLateChargeLeavesTheWindowInItsOwnTime() {
        RollingLog log = new RollingLog(60);
        log.charge(10, 1);
        log.charge(30, 2);
        long late = log.charge(20, 4);
        assertThat(log.window().freeAt(6, 30)).isEqualTo(70);
        assertThat(log.window().freeAt(2, 30)).isEqualTo(80);
        log.expire(70);
        assertThat(log.sum()).isEqualTo(6);
        log.refund(late, 3);
        log.expire(80);
        assertThat(log.sum()).isEqualTo(2);
        log.refund(late, 1);
        assertThat(log.sum()).isEqualTo(2);
    }

    @Test
    void inAnyOrderTheSumsAreThoseOfAPlainList() {
        for (long seed = 1; seed <= 400; seed++) {
            Random random = new Random(seed);
            RollingLog log = new RollingLog(WINDOW);
            long span = 1L + random.nextInt((int) WINDOW);
            log.spanOf(span, 0);
            List<Charge> all = new ArrayList<>();
            long now = 0;
            for (int step = 0; step < 300; step++) {
                now += random.nextInt(20);
                log.expire(now);
                int what = random.nextInt(6);
                if (what < 4 || all.isEmpty()) {
                    long stamp = random.nextBoolean() ? now : now - random.nextInt(200);
                    long amount = 1L + random.nextInt(9);
                    all.add(new Charge(log.charge(stamp, amount), stamp, amount));
                } else {
                    Charge one = all.get(random.nextInt(all.size()));
                    if (what == 4) {
                        long refunded = Math.min(one.amount, 1);
                        log.refund(one.id, refunded);
                        one.amount -= refunded;
                    } else {
                        log.undo(one.id, one.amount);
                        one.amount = 0;
                    }
                }
                log.expire(now);
                long until = now;
                assertThat(log.sum()).as("seed %s step %s", seed, step).isEqualTo(sum(all, until - WINDOW));
                assertThat(log.span().sum()).as("seed %s step %s", seed, step).isEqualTo(sum(all, until - span));
            }
        }
    }

    private static long sum(List<Charge> all, long after) {
        return all.stream()
                .filter(charge -> charge.stamp > after)
                .mapToLong(charge -> charge.amount)
                .sum();
    }

    @Test
    void aFullLogTakesThemAsTheNewest() {
        RollingLog log = new RollingLog(1_000_000);
        for (int i = 0; i < RollingLog.EXACT; i++) {
            log.charge(i, 1);
        }
        log.charge(5, 7);
        log.expire(1_000_000 + RollingLog.EXACT - 2);
        assertThat(log.sum()).as("the newest two").isEqualTo(8);
    }

    @Test
    void whatHasLeftIsNotTakenForAnother() {
        RollingLog log = new RollingLog(1_000_000);
        for (int i = 0; i < 2_000; i++) {
            log.charge(2L * i, 1);
        }
        long late = log.charge(3_991, 1);
        log.expire(1_000_010);
        for (long gone = 0; gone < 6; gone++) {
            log.refund(gone, 1);
        }
        assertThat(log.sum()).isEqualTo(1_995);
        log.refund(late, 1);
        assertThat(log.sum()).isEqualTo(1_994);
        log.expire(1_003_991);
        assertThat(log.sum()).as("four were charged after it").isEqualTo(4);
    }
}
