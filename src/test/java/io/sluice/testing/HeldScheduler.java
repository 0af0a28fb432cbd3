package io.sluice.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler that runs nothing by itself: tasks pile up until the test lets them go, however late. One thread only. */
public final class HeldScheduler implements Scheduler {

    private record Task(long at, long order, Runnable run, Disposable handle) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now;
    private long order;

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(now, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable handle = Disposables.single();
        tasks.add(new Task(now + unit.toNanos(delay), order++, task, handle));
        return handle;
    }

    /** Lets time pass without running anything. */
    public void advanceBy(Duration duration) {
        now += duration.toNanos();
    }

    /** Runs a random part of the tasks that are due, in their order. */
    public void runSome(Random random) {
        run(random.nextInt(4));
    }

    /** Runs all tasks that are due, and those that they schedule. */
    public void runAll() {
        run(Integer.MAX_VALUE);
    }

    private void run(int most) {
        for (int done = 0; done < most; done++) {
            Task next = tasks.stream()
                    .filter(task -> task.at <= now)
                    .min(Comparator.comparingLong(Task::at).thenComparingLong(Task::order))
                    .orElse(null);
            if (next == null) {
                return;
            }
            tasks.remove(next);
            if (!next.handle.isDisposed()) {
                next.run.run();
            }
        }
    }

    @Override
    public Worker createWorker() {
        return new PassingWorker(this);
    }
}
