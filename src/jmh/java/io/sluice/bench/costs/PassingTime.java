package io.sluice.bench.costs;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** A clock that goes on when it is told to, for one thread. Nothing that it is given to do ever becomes due. */
final class PassingTime implements Scheduler {

    private long now;

    void pass(long nanos) {
        now += nanos;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(now, TimeUnit.NANOSECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        throw new IllegalStateException("nobody waits here");
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return Disposables.single();
    }

    @Override
    public Worker createWorker() {
        throw new IllegalStateException("nobody works here");
    }
}
