package io.sluice.retry;

import io.sluice.support.HandOver;
import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * One wait between two attempts: on the timer until the clock says that it is over, and from there by a hand-over, because
 * the timer is everybody's. It ends once: resumed, refused or disposed of.
 */
final class Pause implements Timeout.Task, HandOver.Work, Disposable {

    /** Who waits. */
    interface Sleeper {

        /** The wait is over. Called on the scheduler. */
        void resume();

        /** The scheduler takes no more work, so the wait would never end. */
        void refused(RejectedExecutionException reason);
    }

    private static final AtomicIntegerFieldUpdater<Pause> OVER =
            AtomicIntegerFieldUpdater.newUpdater(Pause.class, "over");

    private final TimeSource time;
    private final HandOver handOver;
    private final long until;
    private final Sleeper sleeper;

    private volatile @Nullable Timeout timeout;
    private volatile int over;

    /**
     * @param until when it is over, in terms of {@link TimeSource#nanos()}
     */
    Pause(TimeSource time, HandOver handOver, long until, Sleeper sleeper) {
        this.time = time;
        this.handOver = handOver;
        this.until = until;
        this.sleeper = sleeper;
    }

    void begin() {
        Timeout armed = time.schedule(until, this);
        timeout = armed;
        if (isDisposed()) {
            // Whoever disposed of it may have come before the timeout was known.
            armed.dispose();
        }
    }

    @Override
    public void due() {
        if (isDisposed()) {
            return;
        }
        if (time.nanos() < until) {
            begin();
            return;
        }
        handOver.add(this);
        handOver.start();
    }

    @Override
    public void run() {
        if (OVER.compareAndSet(this, 0, 1)) {
            sleeper.resume();
        }
    }

    @Override
    public void rejected(RejectedExecutionException reason) {
        if (OVER.compareAndSet(this, 0, 1)) {
            sleeper.refused(reason);
        }
    }

    @Override
    public void dispose() {
        if (OVER.compareAndSet(this, 0, 1)) {
            Timeout armed = timeout;
            if (armed != null) {
                armed.dispose();
            }
        }
    }

    @Override
    public boolean isDisposed() {
        return over != 0;
    }
}
