package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.support.HandOver;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;

/**
 * One subscriber that asks for a reservation, on its first request.
 *
 * <p>One atomic state decides all races: every change is a compare-and-set, its winner does what follows from it, and its
 * loser nothing.
 *
 * <pre>
 * IDLE -request-> WAITING -reserved-> RUNNING -over-> ENDED
 *                    '-refused-> ENDED     '-over-> SETTLED -kept-> ENDED     where a store keeps what happens
 *   any but ENDED -cancel-> CANCELLED
 * </pre>
 *
 * @param <R> what the subscriber is told
 */
abstract class BudgetCall<R> implements Subscription, Scannable, HandOver.Work {

    static final int IDLE = 0;
    static final int WAITING = 1;
    static final int RUNNING = 2;
    static final int ENDED = 3;
    static final int CANCELLED = 4;
    static final int SETTLED = 5;

    @SuppressWarnings("rawtypes")
    static final AtomicIntegerFieldUpdater<BudgetCall> STATE =
            AtomicIntegerFieldUpdater.newUpdater(BudgetCall.class, "state");

    final CoreSubscriber<? super R> actual;
    final LiveReservation reservation;

    volatile int state;

    BudgetCall(CoreSubscriber<? super R> actual, LiveReservation reservation) {
        this.actual = actual;
        this.reservation = reservation;
    }

    /** Asks for the reservation; later calls do nothing. */
    final void start() {
        if (state == IDLE && STATE.compareAndSet(this, IDLE, WAITING) && reservation.ask(this)) {
            run();
        }
    }

    /** It is decided. */
    @Override
    public final void run() {
        SluiceException refusal = reservation.refusal();
        if (STATE.compareAndSet(this, WAITING, refusal == null ? RUNNING : ENDED)) {
            if (refusal == null) {
                reserved();
            } else {
                actual.onError(refusal);
            }
        }
    }

    @Override
    public final void rejected(RejectedExecutionException reason) {
        if (STATE.compareAndSet(this, WAITING, ENDED)) {
            reservation.abandon();
            actual.onError(Exceptions.failWithRejected(reason));
        }
    }

    @Override
    public final void cancel() {
        if (STATE.compareAndSet(this, IDLE, CANCELLED)) {
            return;
        }
        if (STATE.compareAndSet(this, WAITING, CANCELLED)) {
            // Also where it is not decided yet: then there will be none.
            reservation.abandon();
        } else if (STATE.compareAndSet(this, RUNNING, CANCELLED)) {
            cancelRunning();
        } else {
            STATE.compareAndSet(this, SETTLED, CANCELLED);
        }
    }

    /**
     * It is over in its own time; false if it was cancelled before. Where a store keeps what happens, the state is then SETTLED,
     * and nobody may be told before it is kept.
     */
    final boolean endRunning() {
        return STATE.compareAndSet(this, RUNNING, reservation.isStored() ? SETTLED : ENDED);
    }

    /** Nobody has to be told any more that it is over: false if it was cancelled meanwhile. */
    final boolean endSettled() {
        return STATE.compareAndSet(this, SETTLED, ENDED);
    }

    /** Goes on, with the reservation; called once, in state RUNNING. */
    abstract void reserved();

    abstract void cancelRunning();

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        int now = state;
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return now == CANCELLED;
        }
        if (key == Attr.TERMINATED) {
            return now == ENDED;
        }
        if (key == Attr.RUN_STYLE) {
            return Attr.RunStyle.ASYNC;
        }
        return key == Attr.NAME ? "reservation of " + reservation.path() : null;
    }
}
