package io.sluice.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.testing.HeldScheduler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

class HandOverTest {

    private static HandOver.Work work(Runnable run) {
        return work(run, () -> {
            throw new AssertionError("rejected");
        });
    }

    private static HandOver.Work work(Runnable run, Runnable rejected) {
        return new HandOver.Work() {
            @Override
            public void run() {
                run.run();
            }

            @Override
            public void rejected(RejectedExecutionException reason) {
                rejected.run();
            }
        };
    }

    @Test
    void workBeginsInOrderOnVirtualTimeAndNotBeforeTheStart() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        HandOver handOver = new HandOver(() -> clock);
        List<Integer> done = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            handOver.add(work(() -> done.add(number)));
        }
        assertThat(done).isEmpty();
        handOver.start();
        assertThat(done).hasSize(1_000).isSorted();
    }

    @Test
    void workThatPutsMoreInLineDoesNotRecurse() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        HandOver handOver = new HandOver(() -> clock);
        AtomicInteger done = new AtomicInteger();
        HandOver.Work[] again = new HandOver.Work[1];
        again[0] = work(() -> {
            if (done.incrementAndGet() < 200_000) {
                handOver.add(again[0]);
                handOver.start();
            }
        });
        handOver.add(again[0]);
        handOver.start();
        assertThat(done).hasValue(200_000);
    }

    @Test
    void nobodyIsScheduledForWithoutWork() {
        AtomicInteger scheduled = new AtomicInteger();
        HandOver handOver = new HandOver(() -> {
            scheduled.incrementAndGet();
            return Schedulers.parallel();
        });
        handOver.start();
        assertThat(scheduled).hasValue(0);
    }

    @Test
    void aCrowdIsServedByAFewPumps() {
        HeldScheduler held = new HeldScheduler();
        AtomicInteger scheduled = new AtomicInteger();
        Scheduler counting = new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                return held.schedule(task);
            }

            @Override
            public Worker createWorker() {
                scheduled.incrementAndGet();
                return held.createWorker();
            }
        };
        HandOver handOver = new HandOver(() -> counting);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            handOver.add(work(done::incrementAndGet));
            handOver.start();
        }
        assertThat(scheduled).as("tasks for 10,000 pieces").hasValue(Schedulers.DEFAULT_POOL_SIZE);
        held.runAll();
        assertThat(done).hasValue(10_000);
        assertThat(scheduled.get()).isLessThan(100);
    }

    @Test
    void aPieceThatThrowsEndsOnlyItself() {
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Scheduler single = Schedulers.newSingle("hand-over");
        Schedulers.onHandleError((thread, error) -> thrown.add(error));
        try {
            HandOver handOver = new HandOver(() -> single);
            CountDownLatch done = new CountDownLatch(1_000);
            for (int i = 0; i < 1_000; i++) {
                int number = i;
                handOver.add(work(() -> {
                    done.countDown();
                    if (number % 10 == 0) {
                        throw new IllegalStateException("mine");
                    }
                }));
            }
            handOver.start();
            await(done);
            CountDownLatch later = new CountDownLatch(1);
            handOver.add(work(later::countDown));
            handOver.start();
            await(later);
            assertThat(thrown).hasSize(100);
        } finally {
            Schedulers.resetOnHandleError();
            single.dispose();
        }
    }

    @Test
    void aSchedulerThatTakesNoWorkRejectsAllThatIsInLine() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        HandOver handOver = new HandOver(() -> clock);
        clock.dispose();
        AtomicInteger rejected = new AtomicInteger();
        for (int i = 0; i < 100_000; i++) {
            handOver.add(work(
                    () -> {
                        throw new AssertionError("ran");
                    },
                    rejected::incrementAndGet));
        }
        handOver.start();
        assertThat(rejected).hasValue(100_000);
        handOver.add(work(() -> {}, rejected::incrementAndGet));
        handOver.start();
        assertThat(rejected).hasValue(100_001);
    }

    @Test
    void aPieceThatThrowsWhenItIsRejectedDoesNotKeepTheOthersFromBeingTold() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        HandOver handOver = new HandOver(() -> clock);
        clock.dispose();
        AtomicInteger rejected = new AtomicInteger();
        handOver.add(work(() -> {}, () -> {
            throw new IllegalStateException("mine");
        }));
        handOver.add(work(() -> {}, rejected::incrementAndGet));
        handOver.start();
        assertThat(rejected).hasValue(1);
    }

    @Test
    void aSchedulerThatWorksAgainIsUsedAgain() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        AtomicBoolean full = new AtomicBoolean(true);
        Scheduler moody = new Scheduler() {
            @Override
            public Disposable schedule(Runnable task) {
                if (full.get()) {
                    throw new RejectedExecutionException("full");
                }
                return clock.schedule(task);
            }

            @Override
            public Worker createWorker() {
                if (full.get()) {
                    throw new RejectedExecutionException("full");
                }
                return clock.createWorker();
            }
        };
        HandOver handOver = new HandOver(() -> moody);
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 2 * Schedulers.DEFAULT_POOL_SIZE; i++) {
            handOver.add(work(() -> told.add("ran"), () -> told.add("rejected")));
            handOver.start();
        }
        full.set(false);
        told.clear();
        handOver.add(work(() -> told.add("ran"), () -> told.add("rejected")));
        handOver.start();
        assertThat(told).containsExactly("ran");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 1_000, 100_000})
    void allElseIsDoneBesideOneSlowPiece(int pieces) {
        assumeTrue(Schedulers.DEFAULT_POOL_SIZE > 1, "one pump does one piece at a time");
        Scheduler two = Schedulers.newParallel("hand-over", 2);
        HandOver handOver = new HandOver(() -> two);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(pieces);
        CountDownLatch over = new CountDownLatch(1);
        AtomicBoolean go = new AtomicBoolean();
        handOver.add(work(() -> {
            begun.countDown();
            // Computes, as a subscriber might; parking would be caught.
            while (!go.get()) {}
            over.countDown();
        }));
        for (int i = 0; i < pieces; i++) {
            handOver.add(work(others::countDown));
        }
        handOver.start();
        try {
            await(begun);
            await(others);
        } finally {
            go.set(true);
            await(over);
            two.dispose();
        }
    }

    @Test
    void pumpsThatASchedulerDroppedDoNotCountOnTheNext() {
        HeldScheduler dropping = new HeldScheduler();
        HeldScheduler working = new HeldScheduler();
        AtomicBoolean dropped = new AtomicBoolean();
        HandOver handOver = new HandOver(() -> dropped.get() ? working : dropping);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 2 * Schedulers.DEFAULT_POOL_SIZE; i++) {
            handOver.add(work(done::incrementAndGet));
            handOver.start();
        }
        dropped.set(true);
        handOver.add(work(done::incrementAndGet));
        handOver.start();
        working.runAll();
        assertThat(done).hasValue(2 * Schedulers.DEFAULT_POOL_SIZE + 1);
    }

    @Test
    void whatIsLeftWhenTheClockIsTakenAwayIsDoneOnTheNext() {
        VirtualTimeScheduler first = VirtualTimeScheduler.create(false);
        VirtualTimeScheduler second = VirtualTimeScheduler.create(false);
        HandOver handOver = new HandOver(() -> first.isDisposed() ? second : first);
        AtomicInteger done = new AtomicInteger();
        handOver.add(work(first::dispose));
        for (int i = 0; i < 1_000; i++) {
            handOver.add(work(done::incrementAndGet));
        }
        handOver.start();
        assertThat(done).hasValue(1_000);
    }

    /** Threads that put work in line and start it at any moment: each piece is done once, and none is left. */
    @Test
    void inTenThousandRoundsOfRacesNoPieceIsLostOrDoneTwice() throws InterruptedException {
        HandOver handOver = new HandOver(Schedulers::parallel);
        int rounds = 10_000;
        int threads = 3;
        AtomicIntegerArray times = new AtomicIntegerArray(rounds * threads);
        CountDownLatch all = new CountDownLatch(rounds * threads);
        List<Thread> adding = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t * rounds;
            adding.add(new Thread(() -> {
                for (int i = 0; i < rounds; i++) {
                    int number = first + i;
                    handOver.add(work(() -> {
                        times.incrementAndGet(number);
                        all.countDown();
                    }));
                    handOver.start();
                }
            }));
        }
        adding.forEach(Thread::start);
        for (Thread thread : adding) {
            thread.join();
        }
        await(all);
        for (int i = 0; i < times.length(); i++) {
            assertThat(times.get(i)).isEqualTo(1);
        }
    }

    /** One piece at a time: each start meets pumps that are just stopping. */
    @Test
    void inTenThousandRoundsTheLastPieceIsNeverLeftBehind() throws InterruptedException {
        HandOver handOver = new HandOver(Schedulers::parallel);
        for (int round = 0; round < 10_000; round++) {
            CountDownLatch done = new CountDownLatch(2);
            Thread other = round % 10 == 0 ? new Thread(() -> put(handOver, done)) : null;
            if (other != null) {
                other.start();
            } else {
                put(handOver, done);
            }
            put(handOver, done);
            await(done);
            if (other != null) {
                other.join();
            }
        }
    }

    private static void put(HandOver handOver, CountDownLatch done) {
        handOver.add(work(done::countDown));
        handOver.start();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
