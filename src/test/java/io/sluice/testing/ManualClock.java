package io.sluice.testing;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler for races: any thread may let time pass, and runs on itself what has become due. */
public final class ManualClock implements Scheduler {

    private record Task(long at, long order, Runnable run, Disposable handle) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private final AtomicLong order = new AtomicLong();
    private final AtomicLong now = new AtomicLong();

    public void advance(Duration time) {
        now.addAndGet(time.toNanos());
        for (Task task = poll(); task != null; task = poll()) {
            if (!task.handle.isDisposed()) {
                task.run.run();
            }
        }
    }

    private Task poll() {
        synchronized (tasks) {
            Task first = tasks.peek();
            return first != null && first.at <= now.get() ? tasks.poll() : null;
        }
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(now.get(), TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Disposable handle = Disposables.single();
        synchronized (tasks) {
            tasks.add(new Task(now.get() + unit.toNanos(delay), order.getAndIncrement(), task, handle));
        }
        return handle;
    }

    @Override
    public Worker createWorker() {
        return new PassingWorker(this);
    }
}
