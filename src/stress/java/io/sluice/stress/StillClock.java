package io.sluice.stress;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A clock that stands; what is to be done at once is done by whoever looks, and what is to be done later never. */
final class StillClock implements Scheduler {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public long now(TimeUnit unit) {
        return 0;
    }

    @Override
    public Disposable schedule(Runnable task) {
        tasks.add(task);
        return Disposables.single();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return delay <= 0 ? schedule(task) : Disposables.single();
    }

    @Override
    public Worker createWorker() {
        throw new IllegalStateException("nobody works here");
    }
}
