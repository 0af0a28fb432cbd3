package io.sluice.ratelimit;

import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import io.sluice.support.HandOver;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is at one key. By the writer of its queue.
 *
 * <p>After every change the writer looks: deadlines first, then nested calls (which need no slot of their own), then the
 * queue in order, and nothing overtakes its head. Grants and refusals are put in line for the hand-over; only a call that is
 * served while its own subscriber is the writer goes on where it is.
 */
final class Turns {

    /** What became of a call that has come. */
    enum Decision {
        GRANTED,
        QUEUED,
        REFUSED,
        GONE,
        /** The queue has retired; another one is to take it in. */
        MOVED
    }

    /** How many grants a writer makes before it lets them be handed over; the last piece of work goes on with it. */
    private static final int BATCH = 1_024;

    private final KeyState state;
    private final Forecast forecast;
    private final Settlement settlement;
    private final HandOver.Work goOn;

    /** Calls that wait, those in the mailbox included; the latter by any thread. */
    private final AtomicInteger pending = new AtomicInteger();

    /**
     * @param goOn has the writer look again, when the grants that were made have been handed over
     */
    Turns(KeyState state, Forecast forecast, Settlement settlement, HandOver.Work goOn) {
        this.state = state;
        this.forecast = forecast;
        this.settlement = settlement;
        this.goOn = goOn;
    }

    /** By any thread: a call will come by mail. False where too many wait. */
    boolean tryAnnounce() {
        if (pending.incrementAndGet() > state.core.maxPending()) {
            pending.decrementAndGet();
            return false;
        }
        return true;
    }

    /** By any thread: a call will come by mail that another queue let in, but did not take. */
    void announceMoved() {
        pending.incrementAndGet();
    }

    /** A call that was announced has come. */
    Decision admitAnnounced(Waiter waiter, long now) {
        pending.decrementAndGet();
        return admit(waiter, now, false);
    }

    /**
     * A call has come.
     *
     * @param onOwnThread whether this is the thread of its subscriber, which will take it on
     */
    Decision admit(Waiter waiter, long now, boolean onOwnThread) {
        if (waiter.state != Waiter.WAITING) {
            return Decision.GONE;
        }
        if (state.retired) {
            return Decision.MOVED;
        }
        SluiceException refusal = whyNever(waiter);
        if (refusal == null) {
            Grant grant = state.line.isFirst(waiter) ? state.ledger.tryTake(waiter, now) : null;
            if (grant != null) {
                state.line.served(waiter, grant, state.ledger);
                return grant(waiter, (LivePermit) grant, now, onOwnThread) ? Decision.GRANTED : Decision.GONE;
            }
            waiter.deadline = TimeSource.after(waiter.enqueuedAt, waiter.request.timeout());
            refusal = forecast.whyNotWait(waiter, pending.get(), now);
        }
        if (refusal != null) {
            state.core.news().rejected(waiter.key(), refusal);
            return waiter.fail(refusal) ? Decision.REFUSED : Decision.GONE;
        }
        pending.incrementAndGet();
        state.line.add(waiter);
        state.deadlines.add(waiter);
        state.core.news().waiting(waiter, state.line.size());
        return Decision.QUEUED;
    }

    private @Nullable SluiceException whyNever(Waiter waiter) {
        if (state.closed) {
            return new LimiterDisposedException(waiter.key());
        }
        LivePermit outer = state.core.order().nested() == NestedCalls.FAIL ? waiter.liveLender() : null;
        return outer == null ? state.ledger.tooLarge(waiter) : new NestedCallException(waiter.key(), outer.id());
    }

    /** Gives the call what the ledger took for it, or gives that back if the call does not wait any more. */
    private boolean grant(Waiter waiter, LivePermit permit, long now, boolean onOwnThread) {
        if (!waiter.grant(permit, onOwnThread)) {
            state.ledger.abandoned(permit, now);
            return false;
        }
        state.open++;
        LivePermit lender = waiter.liveLender();
        if (lender != null && !permit.holdsSlot) {
            permit.borrowFrom(lender);
            state.core.news().nested(permit, lender);
        }
        Duration maxHold = waiter.maxHold();
        if (maxHold != null) {
            waiter.deadline = TimeSource.after(now, maxHold);
            state.deadlines.add(waiter);
        }
        if (!onOwnThread) {
            state.core.handOver().add(waiter);
        }
        state.core.news().granted(permit);
        return true;
    }

    /** Serves whoever can be served; returns when to look again, the largest long where no time will change anything. */
    long look() {
        if (state.deadlines.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long now = state.now();
        passDeadlines(now);
        long ready = grantNested(now);
        if (ready == Long.MAX_VALUE) {
            ready = grantWaiting(now);
        }
        return Math.min(ready, state.deadlines.earliest());
    }

    private void passDeadlines(long now) {
        while (state.deadlines.earliest() <= now) {
            Waiter waiter = state.deadlines.first();
            if (waiter.isQueued()) {
                unlink(waiter);
                turnAway(waiter, forecast.timedOut(waiter, now));
            } else {
                state.deadlines.remove(waiter);
                settlement.reclaim(waiter.permit(), now);
            }
        }
    }

    /**
     * Nested calls go first: each is part of a call that keeps its slot until this one is done. One that finds no slot is
     * passed over, because a call that it waits for may be the next in line.
     *
     * @return when the windows have room for the first that lacks it, and so for anybody behind; else the largest long
     */
    private long grantNested(long now) {
        Waiter waiter = state.line.nested();
        while (waiter != null) {
            Waiter following = waiter.next;
            if (!serve(waiter, now) && !state.ledger.fits(waiter, now)) {
                return state.ledger.readyAt(waiter, now);
            }
            waiter = following;
        }
        return Long.MAX_VALUE;
    }

    /** Returns when the windows have room for the head of the queue; the largest long where it waits for a slot. */
    private long grantWaiting(long now) {
        for (int served = 0; served < BATCH; served++) {
            Waiter head = state.line.head();
            if (head == null) {
                return Long.MAX_VALUE;
            }
            if (!serve(head, now)) {
                long ready = state.ledger.readyAt(head, now);
                return ready > now ? ready : Long.MAX_VALUE;
            }
        }
        state.core.handOver().add(goOn);
        return Long.MAX_VALUE;
    }

    /** True if a queued call is out of the queue: it got its permit, or it has left. */
    private boolean serve(Waiter waiter, long now) {
        if (waiter.state == Waiter.WAITING) {
            Grant grant = state.ledger.tryTake(waiter, now);
            if (grant == null) {
                return false;
            }
            state.line.served(waiter, grant, state.ledger);
            unlink(waiter);
            grant(waiter, (LivePermit) grant, now, false);
        } else {
            unlink(waiter);
        }
        return true;
    }

    /** Takes a waiting call out of the queue, if it is still in it. */
    void unlink(Waiter waiter) {
        if (waiter.isQueued()) {
            state.deadlines.remove(waiter);
            state.line.remove(waiter);
            pending.decrementAndGet();
        }
    }

    /** Turns away those who wait for more than the limits in force can ever admit. */
    void failTooLarge() {
        for (Waiter waiter : state.line.all()) {
            RequestTooLargeException reason = state.ledger.tooLarge(waiter);
            if (reason != null) {
                unlink(waiter);
                turnAway(waiter, reason);
            }
        }
    }

    /**
     * Ends all waiting. Permits that are held stay so, and are not reclaimed any more.
     *
     * @param why for the model that was asked for; one reason may do for many calls
     */
    void failAll(Function<ModelKey, RuntimeException> why) {
        ModelKey asked = state.key;
        RuntimeException reason = why.apply(asked);
        while (!state.deadlines.isEmpty()) {
            Waiter waiter = state.deadlines.first();
            if (waiter.isQueued()) {
                if (!waiter.key().equals(asked)) {
                    asked = waiter.key();
                    reason = why.apply(asked);
                }
                unlink(waiter);
                turnAway(waiter, reason);
            } else {
                state.deadlines.remove(waiter);
            }
        }
    }

    private void turnAway(Waiter waiter, RuntimeException reason) {
        if (waiter.fail(reason)) {
            state.core.handOver().add(waiter);
            if (reason instanceof SluiceException told) {
                state.core.news().rejected(waiter.key(), told);
            }
        }
    }
}
