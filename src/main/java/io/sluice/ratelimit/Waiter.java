package io.sluice.ratelimit;

import io.sluice.call.Priority;
import io.sluice.call.RetryTicket;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.support.HandOver;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.util.context.ContextView;

/**
 * One call on its way to a permit: the subscription that its subscriber holds, and the node that stands in the queue.
 *
 * <p>One atomic state decides all races: every change is a compare-and-set, its winner does what follows from it, and its
 * loser nothing.
 *
 * <pre>
 * IDLE -request-> WAITING -granted-> GRANTED -handed over-> DELIVERED [-subscribed-> RUNNING]
 *                    |  '-granted on the subscriber's thread->---^
 *                    |-refused, timed out, closed-> FAILED -handed over-> ENDED
 *   any but DELIVERED of a bare permit, and the ends -cancel-> CANCELLED
 * </pre>
 */
abstract class Waiter implements Ask, HandOver.Work, DeadlineHeap.Entry {

    static final int IDLE = 0;
    static final int WAITING = 1;
    static final int GRANTED = 2;
    static final int DELIVERED = 3;
    static final int RUNNING = 4;
    static final int FAILED = 5;
    static final int CANCELLED = 6;
    static final int ENDED = 7;

    static final AtomicIntegerFieldUpdater<Waiter> STATE = AtomicIntegerFieldUpdater.newUpdater(Waiter.class, "state");

    final PermitRequest request;

    /** Another one only where the first has retired in the meantime, before it took this call in. */
    volatile PermitQueue queue;

    /** Null where nothing is known of it, as for most calls. */
    private final @Nullable Origin origin;

    volatile int state;

    // Owned by the writer of the queue.
    @Nullable
    Waiter prev;

    @Nullable
    Waiter next;

    long enqueuedAt;

    /** When the waiting is over; after the delivery of a bare permit, when its slot is reclaimed. */
    long deadline;

    private int deadlinePlace = DeadlineHeap.NOWHERE;

    /** The permit, or why there is none. Written before the state that says which. */
    private @Nullable Object outcome;

    Waiter(PermitQueue queue, PermitRequest request, ContextView context) {
        this.queue = queue;
        this.request = request;
        this.origin = Origin.of(queue, request, context);
    }

    /** Begins to wait; later calls do nothing. */
    final void start() {
        if (STATE.compareAndSet(this, IDLE, WAITING)) {
            if (origin != null) {
                origin.asks(queue);
            }
            queue.acquire(this);
        }
    }

    /** Stops waiting, or gives back what was granted and not delivered. False where it was too late for either. */
    final boolean leave() {
        for (; ; ) {
            int now = state;
            if (now != IDLE && now != WAITING && now != GRANTED && now != FAILED) {
                return now == CANCELLED || now == ENDED;
            }
            if (STATE.compareAndSet(this, now, CANCELLED)) {
                forgetSubscriber();
                if (now == WAITING) {
                    queue.left(this);
                } else if (now == GRANTED) {
                    permit().abandon();
                }
                return true;
            }
        }
    }

    final LivePermit permit() {
        if (outcome instanceof LivePermit permit) {
            return permit;
        }
        throw new IllegalStateException("no permit yet");
    }

    /** Whether it stands in the queue; known to the writer of the queue. */
    final boolean isQueued() {
        return hasDeadline() && !(outcome instanceof LivePermit);
    }

    final boolean isNested() {
        return lender() != null;
    }

    final boolean isReturning() {
        return returningPlace() != RetryTicket.NONE;
    }

    /** The number of the permit that an earlier attempt of this call had: its place among those who come back. */
    final long returningPlace() {
        return origin == null ? RetryTicket.NONE : origin.place();
    }

    /** The permit of the call that this one is part of; it may have been settled by now. */
    final @Nullable LivePermit lender() {
        return origin == null ? null : origin.lender;
    }

    /** By the writer: whose slot this call can use, if it is free. */
    final @Nullable LivePermit liveLender() {
        LivePermit lender = lender();
        return lender == null ? null : lender.innermostLive();
    }

    /** By the writer: the permit is there, if the call still waits for it. */
    final boolean grant(LivePermit permit, boolean onOwnThread) {
        outcome = permit;
        if (STATE.compareAndSet(this, WAITING, onOwnThread ? DELIVERED : GRANTED)) {
            if (origin != null) {
                origin.granted(queue, permit.number());
            }
            return true;
        }
        outcome = null;
        return false;
    }

    /** There will be no permit, if the call still waits for one. The error is told by {@link #run} or {@link #refuse}. */
    final boolean fail(Throwable reason) {
        outcome = reason;
        return STATE.compareAndSet(this, WAITING, FAILED);
    }

    /** Turns the call away on this thread. */
    final void refuse(Throwable reason) {
        if (fail(reason)) {
            run();
        }
    }

    /** By the subscriber's own thread: what {@link #grant} gave it there and then. */
    final void deliverGranted() {
        deliver(permit());
    }

    /** Delivers on the subscriber's own thread what was decided while that thread was at it. */
    final void deliverIfDecided() {
        if (state == GRANTED || state == FAILED) {
            run();
        }
    }

    @Override
    public final void run() {
        if (STATE.compareAndSet(this, GRANTED, DELIVERED)) {
            deliver(permit());
        } else if (STATE.compareAndSet(this, FAILED, ENDED) && outcome instanceof Throwable reason) {
            deliverError(reason);
        }
    }

    @Override
    public final void rejected(RejectedExecutionException reason) {
        if (STATE.compareAndSet(this, GRANTED, ENDED)) {
            permit().abandon();
            deliverError(Exceptions.failWithRejected(reason));
        } else {
            run();
        }
    }

    @Override
    public final ModelKey key() {
        return request.key();
    }

    @Override
    public final TokenEstimate estimate() {
        return request.estimate();
    }

    @Override
    public final Duration skew() {
        return request.skew();
    }

    @Override
    public final @Nullable Standing standing() {
        return origin == null ? null : origin.standing;
    }

    final @Nullable String tenant() {
        return Standing.tenantOf(standing());
    }

    final Priority priority() {
        return Standing.priorityOf(standing());
    }

    @Override
    public final long due() {
        return deadline;
    }

    @Override
    public final int place() {
        return deadlinePlace;
    }

    @Override
    public final void place(int index) {
        deadlinePlace = index;
    }

    /** Whether its deadline is looked at. */
    final boolean hasDeadline() {
        return deadlinePlace >= 0;
    }

    @Override
    public final boolean needsSlot() {
        LivePermit live = liveLender();
        return live == null || !live.canLend();
    }

    @Override
    public final Grant newGrant() {
        return new LivePermit(this);
    }

    final Duration waitedUntil(long now) {
        return Duration.ofNanos(Math.max(0, now - enqueuedAt));
    }

    /** How long the permit may be held, or null for ever; asked by the writer on delivery. */
    abstract @Nullable Duration maxHold();

    /** Tells the subscriber. Called once, in state DELIVERED, outside of the queue. */
    abstract void deliver(LivePermit permit);

    abstract void deliverError(Throwable reason);

    /** Lets go of the subscriber, which has left. */
    abstract void forgetSubscriber();
}
