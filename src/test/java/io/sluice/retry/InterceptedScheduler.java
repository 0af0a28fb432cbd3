package io.sluice.retry;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Another scheduler, with something that happens just before it is used.
 *
 * @param beforeTimer before a delayed task is taken on
 * @param beforeWorker before a worker is made
 */
record InterceptedScheduler(Scheduler other, Runnable beforeTimer, Runnable beforeWorker) implements Scheduler {

    @Override
    public long now(TimeUnit unit) {
        return other.now(unit);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return other.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        beforeTimer.run();
        return other.schedule(task, delay, unit);
    }

    @Override
    public Worker createWorker() {
        beforeWorker.run();
        return other.createWorker();
    }
}
