package io.sluice.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.scheduler.VirtualTimeScheduler;

class AlarmTest {

    private static final long SECOND = 1_000_000_000;

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final TimeSource time = TimeSource.of(clock, null);
    private final List<Long> woken = new ArrayList<>();
    private final List<RejectedExecutionException> refusals = new ArrayList<>();
    private final Alarm alarm = new Alarm(time, () -> woken.add(time.nanos()), refusals::add);

    @AfterEach
    void reset() {
        VirtualTimeScheduler.reset();
    }

    @Test
    void itWakesAtTheTimeAskedFor() {
        alarm.at(SECOND);
        clock.advanceTimeBy(Duration.ofSeconds(1).minusNanos(1));
        assertThat(woken).isEmpty();
        clock.advanceTimeBy(Duration.ofHours(1));
        assertThat(woken).containsExactly(SECOND);
    }

    @Test
    void onTheClockOfBeforeItStandsForTheTimesOfNow() throws InterruptedException {
        TimeSource changing = TimeSource.of(null, null);
        CountDownLatch wake = new CountDownLatch(1);
        Alarm one = new Alarm(changing, wake::countDown, refusals::add);
        one.at(changing.nanos() + 300 * SECOND);
        VirtualTimeScheduler virtual = VirtualTimeScheduler.getOrSet();
        assertThat(changing.nanos()).isPositive();
        virtual.advanceTimeBy(Duration.ofHours(1));
        assertThat(changing.nanos()).isGreaterThan(3_600 * SECOND);
        VirtualTimeScheduler.reset();
        one.at(changing.nanos() + SECOND / 100);
        assertThat(wake.await(10, TimeUnit.SECONDS)).isTrue();
        one.dispose();
    }

    @Test
    void anEarlierTimeTakesTheLatersPlace() {
        alarm.at(9 * SECOND);
        alarm.at(3 * SECOND);
        alarm.at(5 * SECOND);
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(woken).as("who is woken looks, and asks for the next").containsExactly(3 * SECOND);
    }

    @Test
    void whoIsWokenAsksForTheNext() {
        Alarm[] again = new Alarm[1];
        again[0] = new Alarm(
                time,
                () -> {
                    woken.add(time.nanos());
                    if (woken.size() < 4) {
                        again[0].at(time.nanos() + SECOND);
                    }
                },
                refusals::add);
        again[0].at(SECOND);
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(woken).containsExactly(SECOND, 2 * SECOND, 3 * SECOND, 4 * SECOND);
    }

    @Test
    void aTimeThatHasPassedWakesAtOnceAndDoesNotRecurse() {
        clock.advanceTimeBy(Duration.ofSeconds(1));
        AtomicInteger times = new AtomicInteger();
        Alarm[] again = new Alarm[1];
        again[0] = new Alarm(
                time,
                () -> {
                    if (times.incrementAndGet() < 20_000) {
                        again[0].at(0);
                    }
                },
                refusals::add);
        again[0].at(0);
        clock.advanceTimeBy(Duration.ZERO);
        assertThat(times).hasValue(20_000);
    }

    @Test
    void theLargestLongAsksForNothing() {
        alarm.at(Long.MAX_VALUE);
        assertThat(Timer.isRegistered(clock)).isFalse();
        alarm.at(SECOND);
        alarm.at(Long.MAX_VALUE);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(woken).containsExactly(SECOND);
    }

    @Test
    void whatIsTakenBackDoesNotWakeAndCanBeAskedForAgain() {
        alarm.at(SECOND);
        alarm.dispose();
        clock.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(woken).isEmpty();
        alarm.at(5 * SECOND);
        clock.advanceTimeBy(Duration.ofSeconds(8));
        assertThat(woken).containsExactly(5 * SECOND);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itIsNeverLateOnAVirtualClockWhateverIsAsked(boolean deferring) {
        for (int seed = 0; seed < 200; seed++) {
            VirtualTimeScheduler virtual = VirtualTimeScheduler.create(deferring);
            TimeSource source = TimeSource.of(virtual, null);
            Waits waits = new Waits(source);
            Random random = new Random(seed);
            for (int step = 0; step < 50; step++) {
                virtual.advanceTimeBy(Duration.ofMillis(random.nextInt(2_000)));
                waits.add(source.nanos() + random.nextInt(5_000) * 1_000_000L);
            }
            virtual.advanceTimeBy(Duration.ofMinutes(1));
            virtual.advanceTimeBy(Duration.ofMinutes(1));
            assertThat(waits.open).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void manyThreadsAskAndNoWakeUpIsMissed() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            ManualClock manual = new ManualClock();
            TimeSource source = TimeSource.of(manual, null);
            Waits waits = new Waits(source);
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> asking = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                long seed = 31L * round + t;
                asking.add(new Thread(() -> {
                    Random random = new Random(seed);
                    for (int i = 0; i < 200; i++) {
                        waits.add(source.nanos() + 1 + random.nextInt(1_000));
                    }
                }));
            }
            Thread passing = new Thread(() -> {
                while (!over.get()) {
                    manual.advance(Duration.ofNanos(7));
                }
            });
            asking.forEach(Thread::start);
            passing.start();
            for (Thread thread : asking) {
                thread.join();
            }
            over.set(true);
            passing.join();
            manual.advance(Duration.ofNanos(2_000));
            manual.advance(Duration.ofNanos(2_000));
            assertThat(waits.open).as("round %d", round).isEmpty();
        }
    }

    /** A component as they all are: it holds what waits, and its alarm is set to the first of it. */
    private static final class Waits {

        private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();
        private final TimeSource time;
        private final Alarm alarm;

        Waits(TimeSource time) {
            this.time = time;
            this.alarm = new Alarm(time, this::look, refused -> {});
        }

        void add(long deadline) {
            open.add(deadline);
            look();
        }

        private void look() {
            long now = time.nanos();
            open.removeIf(deadline -> deadline <= now);
            Long first = open.isEmpty() ? null : open.ceiling(Long.MIN_VALUE);
            if (first != null) {
                alarm.at(first);
            }
        }
    }

    @Test
    void aSchedulerThatTakesNoMoreWorkIsToldEachTime() {
        alarm.at(9 * SECOND);
        clock.dispose();
        alarm.at(SECOND);
        assertThat(refusals).hasSize(1);
        alarm.at(SECOND);
        assertThat(refusals).hasSize(2);
        assertThat(woken).isEmpty();
    }

    @Test
    void aTimeAskedForOnRealTimeIsAskedForAgainOnVirtualTime() {
        TimeSource changing = TimeSource.of(null, null);
        List<Long> times = new ArrayList<>();
        Alarm one = new Alarm(changing, () -> times.add(changing.nanos()), refusals::add);
        long hour = changing.nanos() + 3_600 * SECOND;
        one.at(hour);
        VirtualTimeScheduler virtual = VirtualTimeScheduler.getOrSet(false);
        one.at(hour);
        virtual.advanceTimeBy(Duration.ofHours(1));
        assertThat(times).singleElement().satisfies(at -> assertThat(at).isGreaterThanOrEqualTo(hour));
        one.dispose();
    }
}
