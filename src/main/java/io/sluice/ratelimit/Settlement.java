package io.sluice.ratelimit;

import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.RateLimitEvent.SettledAs;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What becomes of the permits of one key: slots and charges are given back, and the cap learns. By the queue's writer. */
final class Settlement {

    private final KeyState state;

    /** Copies of the ledger's, for those who are not the writer. */
    private volatile int rateLimitsInARow;

    private volatile int generation;

    Settlement(KeyState state) {
        this.state = state;
    }

    /**
     * How long to wait after a refusal without a hint: longer than after the last one, if this is not part of that. By any
     * thread.
     */
    Duration ownBackoff(LivePermit permit) {
        int refusals = rateLimitsInARow + (permit.generation == generation ? 1 : 0);
        return state.core.backoff().delay(refusals, state.core.random().getAsDouble());
    }

    void answered(LivePermit permit, long processing) {
        long now = state.now();
        state.ledger.answered(permit, now - processing, now);
    }

    void succeeded(LivePermit permit, TokenUsage usage) {
        long now = state.now();
        PermitLedger ledger = state.ledger;
        int before = ledger.cap();
        boolean binding = lacksOnlySlot(state.line.head(), now) || lacksOnlySlot(state.line.nested(), now);
        end(permit);
        ledger.succeeded(permit, usage, binding, now);
        rateLimitsInARow = ledger.rateLimitsInARow();
        state.core.news().settled(permit, SettledAs.SUCCEEDED, usage, now);
        state.core.news().capChanged(state.key, before, ledger.cap());
    }

    private boolean lacksOnlySlot(@Nullable Waiter waiter, long now) {
        return waiter != null && state.ledger.lacksOnlySlot(waiter, now);
    }

    void rateLimited(LivePermit permit, Duration delay, boolean hinted) {
        long now = state.now();
        PermitLedger ledger = state.ledger;
        LimiterNews news = state.core.news();
        int before = ledger.cap();
        long pausedBefore = ledger.pausedUntil();
        end(permit);
        ledger.rateLimited(permit, delay.toNanos(), hinted, now);
        generation = ledger.generation();
        rateLimitsInARow = ledger.rateLimitsInARow();
        news.rateLimited(permit, hinted ? delay : null);
        long paused = ledger.pausedUntil();
        if (paused > pausedBefore) {
            news.paused(state.key, Duration.ofNanos(Math.max(0, paused - now)));
        }
        news.capChanged(state.key, before, ledger.cap());
    }

    void kept(LivePermit permit) {
        long now = state.now();
        end(permit);
        state.ledger.kept(permit, now);
        state.core.news().settled(permit, SettledAs.KEPT, TokenUsage.UNKNOWN, now);
    }

    void abandoned(LivePermit permit) {
        long now = state.now();
        end(permit);
        state.ledger.abandoned(permit, now);
        state.core.news().settled(permit, SettledAs.ABANDONED, TokenUsage.UNKNOWN, now);
    }

    /** The permit was held for too long: its slot is given to others. Its charge can still be settled. */
    void reclaim(LivePermit permit, long now) {
        // A slot that it lends or borrows is not its own to give back.
        permit.settle();
        state.ledger.reclaim(permit, now);
        permit.reclaimed();
        state.open--;
        state.core.news().reclaimed(permit, now);
    }

    /** The call is over; before its slot is given back, because a call inside it may have it. */
    private void end(LivePermit permit) {
        Waiter waiter = permit.waiter();
        if (waiter.hasDeadline()) {
            state.deadlines.remove(waiter);
        }
        if (!permit.isReclaimed()) {
            state.open--;
        }
        permit.settle();
    }
}
