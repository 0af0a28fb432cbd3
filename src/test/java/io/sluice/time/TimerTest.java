package io.sluice.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sluice.testing.Garbage;
import io.sluice.testing.HeldScheduler;
import io.sluice.testing.SettableScheduler;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class TimerTest {

    private static final long SECOND = 1_000_000_000;

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final TimeSource time = TimeSource.of(clock, null);

    private static Timeout.Task task(Runnable due) {
        return new Timeout.Task() {
            @Override
            public void due() {
                due.run();
            }

            @Override
            public void rejected(RejectedExecutionException reason) {
                throw reason;
            }
        };
    }

    private static Timeout.Task rejection(Consumer<RejectedExecutionException> told) {
        return new Timeout.Task() {
            @Override
            public void due() {
                throw new IllegalStateException("due on a scheduler that takes no work");
            }

            @Override
            public void rejected(RejectedExecutionException reason) {
                told.accept(reason);
            }
        };
    }

    @Test
    void deadlinesAreKeptToTheNanosecondAndInOrder() {
        List<String> told = new ArrayList<>();
        time.schedule(3 * SECOND, task(() -> told.add("third at " + time.nanos())));
        time.schedule(SECOND, task(() -> told.add("first at " + time.nanos())));
        time.schedule(SECOND + 1, task(() -> told.add("second at " + time.nanos())));
        clock.advanceTimeBy(Duration.ofSeconds(1).minusNanos(1));
        assertThat(told).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(told).containsExactly("first at 1000000000");
        clock.advanceTimeBy(Duration.ofHours(1));
        assertThat(told).containsExactly("first at 1000000000", "second at 1000000001", "third at 3000000000");
    }

    @Test
    void anEarlierDeadlineThatComesLaterIsNotLate() {
        Told late = new Told(time);
        Told early = new Told(time);
        time.schedule(60 * SECOND, late);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        time.schedule(2 * SECOND, early);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(early.dueAt).containsExactly(2 * SECOND);
        assertThat(late.dueAt).isEmpty();
        clock.advanceTimeBy(Duration.ofSeconds(58));
        assertThat(late.dueAt).containsExactly(60 * SECOND);
    }

    @Test
    void aDeadlineThatHasPassedIsDueAtOnce() {
        clock.advanceTimeBy(Duration.ofSeconds(5));
        Told told = new Told(time);
        Timeout timeout = time.schedule(SECOND, told);
        assertThat(told.dueAt).containsExactly(5 * SECOND);
        assertThat(timeout.isDisposed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingFiresEarlyOrIsForgottenOnAVirtualClock(boolean deferring) {
        for (int seed = 0; seed < 300; seed++) {
            VirtualTimeScheduler virtual = VirtualTimeScheduler.create(deferring);
            TimeSource source = TimeSource.of(virtual, null);
            Random random = new Random(seed);
            List<Long> early = new ArrayList<>();
            AtomicInteger open = new AtomicInteger();
            for (int step = 0; step < 40; step++) {
                // A deferring clock that has nothing to do stands at the new time, and goes back when it gets a task.
                virtual.advanceTimeBy(Duration.ofMillis(random.nextInt(5_000)));
                long deadline = source.nanos() + random.nextInt(10_000) * 1_000_000L;
                open.incrementAndGet();
                Timeout timeout = source.schedule(deadline, task(() -> {
                    open.decrementAndGet();
                    long now = source.nanos();
                    if (now < deadline) {
                        early.add(deadline - now);
                    }
                }));
                if (random.nextInt(3) == 0 && !timeout.isDisposed()) {
                    timeout.dispose();
                    open.decrementAndGet();
                }
            }
            virtual.advanceTimeBy(Duration.ofMinutes(1));
            virtual.advanceTimeBy(Duration.ofMinutes(1));
            assertThat(early).as("nanoseconds too early, seed %d", seed).isEmpty();
            assertThat(open).as("forgotten, seed %d", seed).hasValue(0);
        }
    }

    @Test
    void aSchedulerThatFiresTooEarlyIsAskedAgain() {
        SettableScheduler hasty = new SettableScheduler();
        TimeSource source = TimeSource.of(hasty, null);
        Told told = new Told(source);
        source.schedule(10 * SECOND, told);
        hasty.set(Duration.ofSeconds(3));
        hasty.fire();
        assertThat(told.dueAt).isEmpty();
        hasty.set(Duration.ofSeconds(10));
        hasty.fire();
        assertThat(told.dueAt).containsExactly(10 * SECOND);
    }

    @Test
    void onRealTimeNothingIsEarlyAndNothingMissing() throws InterruptedException {
        TimeSource real = TimeSource.of(null, null);
        int many = 2_000;
        CountDownLatch all = new CountDownLatch(many);
        AtomicInteger early = new AtomicInteger();
        Random random = new Random(1);
        for (int i = 0; i < many; i++) {
            long deadline = real.nanos() + random.nextInt(200_000_000);
            real.schedule(deadline, task(() -> {
                if (real.nanos() < deadline) {
                    early.incrementAndGet();
                }
                all.countDown();
            }));
        }
        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(early).hasValue(0);
    }

    @Test
    void aDisposedTimeoutIsNotToldAndForgetsItsTaskAtOnce() {
        List<WeakReference<Object>> held = new ArrayList<>();
        List<Timeout> timeouts = new ArrayList<>();
        AtomicInteger told = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            Object subscriber = new Object();
            held.add(new WeakReference<>(subscriber));
            timeouts.add(time.schedule(SECOND, task(() -> {
                told.incrementAndGet();
                assertThat(subscriber).isNotNull();
            })));
        }
        timeouts.forEach(Timeout::dispose);
        assertThat(timeouts).allMatch(Timeout::isDisposed);
        assertThat(Garbage.left(held)).isZero();
        clock.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(told).hasValue(0);
    }

    @Test
    void cancelledEntriesAreSweptWhenTheyOutnumberTheLiveOnes() {
        List<Timeout> live = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            live.add(time.schedule(SECOND + i, new Told(time)));
        }
        List<WeakReference<Timeout>> cancelled = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Timeout timeout = time.schedule(2 * SECOND + i, new Told(time));
            cancelled.add(new WeakReference<>(timeout));
            timeout.dispose();
        }
        assertThat(Garbage.left(cancelled)).as("kept, of 10,000").isLessThanOrEqualTo(101);
        assertThat(live).noneMatch(Timeout::isDisposed);
    }

    @Test
    void aTimeoutThatItsNeighbourDisposesOfIsNotToldAlthoughBothAreDue() {
        SettableScheduler late = new SettableScheduler();
        TimeSource source = TimeSource.of(late, null);
        Told told = new Told(source);
        List<Timeout> neighbour = new ArrayList<>();
        source.schedule(SECOND, task(() -> neighbour.get(0).dispose()));
        neighbour.add(source.schedule(2 * SECOND, told));
        late.set(Duration.ofSeconds(5));
        late.fire();
        assertThat(told.dueAt).isEmpty();
    }

    @Test
    void aTaskThatThrowsDoesNotKeepTheOthersFromBeingTold() {
        HeldScheduler held = new HeldScheduler();
        TimeSource source = TimeSource.of(held, null);
        Told before = new Told(source);
        Told after = new Told(source);
        Told later = new Told(source);
        source.schedule(1, before);
        source.schedule(2, task(() -> {
            throw new IllegalStateException("mine");
        }));
        source.schedule(3, after);
        source.schedule(SECOND, later);
        held.advanceBy(Duration.ofNanos(10));
        assertThatIllegalStateException().isThrownBy(held::runAll).withMessage("mine");
        held.runAll();
        held.advanceBy(Duration.ofSeconds(1));
        held.runAll();
        assertThat(before.dueAt).hasSize(1);
        assertThat(after.dueAt).hasSize(1);
        assertThat(later.dueAt).hasSize(1);
    }

    @Test
    void aTaskIsToldOnTheSchedulerAlsoWhenAnotherThreadWasAtTheTimer() throws InterruptedException {
        Scheduler pool = Schedulers.newSingle("the-pool");
        CountDownLatch fired = new CountDownLatch(1);
        Scheduler slow = new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                return pool.schedule(task);
            }

            /** Returns only after the pool has run what it was given, so that the timer fires while it is being set. */
            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                Disposable scheduled = pool.schedule(() -> {
                    task.run();
                    fired.countDown();
                });
                await(fired);
                return scheduled;
            }

            @Override
            public Worker createWorker() {
                return pool.createWorker();
            }
        };
        TimeSource source = TimeSource.of(slow, null);
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch told = new CountDownLatch(1);
        source.schedule(source.nanos(), task(() -> {
            threads.add(Thread.currentThread().getName());
            told.countDown();
        }));
        await(told);
        pool.dispose();
        assertThat(threads).singleElement().asString().startsWith("the-pool");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void aDisposedSchedulerIsToldAsARejection() {
        clock.dispose();
        List<RejectedExecutionException> told = new ArrayList<>();
        Timeout timeout = time.schedule(SECOND, rejection(told::add));
        assertThat(told).hasSize(1);
        assertThat(timeout.isDisposed()).isTrue();
        assertThat(Timer.isRegistered(clock)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20 * SECOND})
    void theNextCallAfterTheDisposalTellsThoseThatWaitToo(long deadline) {
        List<String> told = new ArrayList<>();
        time.schedule(10 * SECOND, rejection(reason -> told.add("waiting")));
        Timeout cancelled = time.schedule(10 * SECOND, rejection(reason -> told.add("cancelled")));
        cancelled.dispose();
        clock.dispose();
        time.schedule(deadline, rejection(reason -> told.add("new")));
        assertThat(told).containsExactlyInAnyOrder("waiting", "new");
        assertThat(Timer.isRegistered(clock)).isFalse();
    }

    @Test
    void aTaskThatThrowsWhenItIsRejectedDoesNotKeepTheOthersFromBeingTold() {
        List<String> told = new ArrayList<>();
        time.schedule(10 * SECOND, rejection(reason -> {
            throw new IllegalStateException("mine");
        }));
        time.schedule(10 * SECOND, rejection(reason -> told.add("second")));
        clock.dispose();
        time.schedule(SECOND, rejection(reason -> told.add("new")));
        assertThat(told).containsExactlyInAnyOrder("second", "new");
    }

    private enum Order {
        FIRST_TO_LAST,
        LAST_TO_FIRST,
        RANDOM
    }

    @ParameterizedTest
    @EnumSource
    @org.junit.jupiter.api.Timeout(30)
    void aMillionTimeoutsAreSetAndCancelledInSeconds(Order order) {
        Scheduler real = Schedulers.newSingle("timer");
        for (Scheduler scheduler : List.of(clock, real)) {
            TimeSource source = TimeSource.of(scheduler, null);
            AtomicInteger told = new AtomicInteger();
            Timeout.Task task = task(told::incrementAndGet);
            long far = source.nanos() + 3_600 * SECOND;
            List<Timeout> timeouts = new ArrayList<>();
            Random random = new Random(7);
            for (int i = 0; i < 1_000_000; i++) {
                timeouts.add(source.schedule(far + random.nextInt(1_000_000_000), task));
            }
            switch (order) {
                case FIRST_TO_LAST -> {}
                case LAST_TO_FIRST -> Collections.reverse(timeouts);
                case RANDOM -> Collections.shuffle(timeouts, random);
            }
            timeouts.forEach(Timeout::dispose);
            assertThat(timeouts).allMatch(Timeout::isDisposed);
            assertThat(told).hasValue(0);
        }
        real.dispose();
    }

    @Test
    void deadlinesThatComeEarlierAndEarlierAreAllKept() {
        List<Long> told = new ArrayList<>();
        for (long n = 20_000; n > 0; n--) {
            long deadline = n * 1_000;
            time.schedule(deadline, task(() -> told.add(time.nanos() - deadline)));
        }
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(told).hasSize(20_000).containsOnly(0L);
    }
}
