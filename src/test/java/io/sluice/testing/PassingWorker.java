package io.sluice.testing;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** A worker of a scheduler that has one thread: it passes everything on. */
record PassingWorker(Scheduler scheduler) implements Scheduler.Worker {

    @Override
    public Disposable schedule(Runnable task) {
        return scheduler.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return scheduler.schedule(task, delay, unit);
    }

    @Override
    public void dispose() {}
}
