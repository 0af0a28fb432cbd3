package io.sluice.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.Garbage;
import java.lang.ref.WeakReference;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What has nothing to wait for is let go, so that tests and short-lived schedulers do not pile up. */
class TimerRegistryTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static void schedule(TimeSource time, Duration in) {
        time.schedule(TimeSource.after(time.nanos(), in), new Told(time));
    }

    @Test
    void aSchedulerWhoseDeadlinesHavePassedIsLetGo() {
        WeakReference<Scheduler> gone = deadlinesPassed();
        assertThat(Garbage.isCollected(gone)).isTrue();
    }

    private static WeakReference<Scheduler> deadlinesPassed() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        TimeSource time = TimeSource.of(clock, null);
        schedule(time, SECOND);
        schedule(time, SECOND.multipliedBy(2));
        clock.advanceTimeBy(SECOND);
        assertThat(Timer.isRegistered(clock)).as("one deadline is left").isTrue();
        clock.advanceTimeBy(SECOND);
        assertThat(Timer.isRegistered(clock)).as("none is left").isFalse();
        return new WeakReference<>(clock);
    }

    @Test
    void aSchedulerWhoseDeadlinesWereCancelledIsLetGoWhenTheFirstHasPassed() {
        WeakReference<Scheduler> gone = deadlinesCancelled();
        assertThat(Garbage.isCollected(gone)).isTrue();
    }

    private static WeakReference<Scheduler> deadlinesCancelled() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        TimeSource time = TimeSource.of(clock, null);
        for (int i = 0; i < 50; i++) {
            time.schedule(1_000_000_000L + i, new Told(time)).dispose();
        }
        clock.advanceTimeBy(SECOND);
        return new WeakReference<>(clock);
    }

    @Test
    void aDisposedSchedulerIsLetGoWhenTheNextOneGetsATimer() {
        WeakReference<Scheduler> gone = disposedWhileWaiting();
        VirtualTimeScheduler next = VirtualTimeScheduler.create(false);
        TimeSource time = TimeSource.of(next, null);
        schedule(time, SECOND);
        next.advanceTimeBy(SECOND);
        assertThat(Garbage.isCollected(gone)).isTrue();
    }

    private static WeakReference<Scheduler> disposedWhileWaiting() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        schedule(TimeSource.of(clock, null), SECOND);
        clock.dispose();
        return new WeakReference<>(clock);
    }

    @Test
    void aSchedulerIsTakenBackWhenThereIsSomethingToWaitForAgain() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        TimeSource time = TimeSource.of(clock, null);
        for (int round = 0; round < 3; round++) {
            Told told = new Told(time);
            time.schedule(TimeSource.after(time.nanos(), SECOND), told);
            assertThat(Timer.isRegistered(clock)).isTrue();
            clock.advanceTimeBy(SECOND);
            assertThat(told.dueAt).hasSize(1);
            assertThat(Timer.isRegistered(clock)).isFalse();
        }
    }
}
