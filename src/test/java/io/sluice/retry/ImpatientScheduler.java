package io.sluice.retry;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Its time flies, and every task is run by whoever brings it. One thread only. */
final class ImpatientScheduler implements Scheduler {

    private long now;

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(now, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        task.run();
        return Disposables.disposed();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        now += unit.toNanos(delay);
        return schedule(task);
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return ImpatientScheduler.this.schedule(task);
            }

            @Override
            public void dispose() {}
        };
    }
}
