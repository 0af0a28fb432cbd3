package io.sluice.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A scheduler whose clock is set at will, also back; it runs all it has whenever it is told to, due or not. */
public final class SettableScheduler implements Scheduler {

    private record Task(Runnable run, Disposable handle) {}

    private final List<Task> tasks = new ArrayList<>();
    private long now;

    public void set(Duration time) {
        now = time.toNanos();
    }

    /** Runs everything that was scheduled up to now. */
    public void fire() {
        for (int round = 0; round < 10; round++) {
            List<Task> all = List.copyOf(tasks);
            tasks.clear();
            all.stream().filter(task -> !task.handle.isDisposed()).forEach(task -> task.run.run());
        }
    }

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
        tasks.add(new Task(task, handle));
        return handle;
    }

    @Override
    public Worker createWorker() {
        return new PassingWorker(this);
    }
}
