package io.sluice.time;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * The wake-up call of one component: it is asked for as often as the component looks at what it waits for, and only ever
 * moves to an earlier time. After a wake-up the component looks again and asks for the next.
 *
 * <p>Thread-safe. Never ask while holding state that a task of the scheduler could ask for: a virtual scheduler may run
 * such tasks inside the call.
 */
public final class Alarm implements Timeout.Task, Disposable {

    private static final AtomicIntegerFieldUpdater<Alarm> WIP =
            AtomicIntegerFieldUpdater.newUpdater(Alarm.class, "wip");
    private static final AtomicLongFieldUpdater<Alarm> WANTED =
            AtomicLongFieldUpdater.newUpdater(Alarm.class, "wanted");

    private final TimeSource time;
    private final Runnable wake;
    private final Consumer<RejectedExecutionException> refused;

    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile int wip;
    /** The earliest time asked for since the last wake-up. */
    private volatile long wanted = Long.MAX_VALUE;

    /** Written by the holder of wip. */
    private volatile @Nullable Timeout armed;

    /**
     * @param time the clock, and where the wake-up happens
     * @param wake looks at what is due, and asks for the next wake-up
     * @param refused told when the scheduler takes no more work, so that no wake-up will ever come
     */
    public Alarm(TimeSource time, Runnable wake, Consumer<RejectedExecutionException> refused) {
        this.time = time;
        this.wake = wake;
        this.refused = refused;
    }

    /**
     * Asks to be woken at the given time, or before it.
     *
     * @param nanos in terms of {@link TimeSource#nanos()}; the largest long asks for nothing
     */
    public void at(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            return;
        }
        for (long present = wanted; nanos < present; present = wanted) {
            if (WANTED.compareAndSet(this, present, nanos)) {
                break;
            }
        }
        if (!time.covers(armed, nanos)) {
            arm();
        }
    }

    private void arm() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            long target = wanted;
            Timeout standing = armed;
            if (!time.covers(standing, target) && target != Long.MAX_VALUE) {
                if (standing != null) {
                    standing.dispose();
                }
                armed = time.schedule(target, this);
            }
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
    }

    @Override
    public void due() {
        wanted = Long.MAX_VALUE;
        wake.run();
    }

    @Override
    public void rejected(RejectedExecutionException reason) {
        wanted = Long.MAX_VALUE;
        refused.accept(reason);
    }

    /** Takes back what was asked for. Asking again sets the alarm again. */
    @Override
    public void dispose() {
        wanted = Long.MAX_VALUE;
        Timeout standing = armed;
        if (standing != null) {
            standing.dispose();
        }
    }
}
