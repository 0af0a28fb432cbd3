package io.sluice.governor;

import io.sluice.FailureClass;
import io.sluice.budget.Reservation;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.Permit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The account of one governed call over its attempts: whether the present one was sent, how it failed, and what it used. One
 * atomic state decides between an attempt that is about to be sent and an end that comes at the same time, so that nothing is
 * sent unpaid and nothing paid for that was not sent.
 *
 * <pre>
 * WAITING -send-> SENT -failed-> FAILED -begin-> WAITING
 *   any but ENDED -over-> ENDED
 * </pre>
 */
final class GovernedCall {

    private static final Object KEY = GovernedCall.class;

    private static final int MAX_CAUSES = 32;

    private enum State {
        /** The present attempt was not sent; earlier ones are paid for. */
        WAITING,
        /** The present attempt runs. */
        SENT,
        /** The present attempt was sent and failed. */
        FAILED,
        /** The call is over, and its reservation ended. */
        ENDED
    }

    private static final AtomicReferenceFieldUpdater<GovernedCall, State> STATE =
            AtomicReferenceFieldUpdater.newUpdater(GovernedCall.class, State.class, "state");

    private final Progress progress;
    private final @Nullable Reservation reservation;
    private final @Nullable GovernedCall outer;

    private volatile State state = State.WAITING;
    private volatile @Nullable Throwable failure;
    private volatile TokenUsage used = TokenUsage.UNKNOWN;

    /** What a governed call within the present attempt failed with; it was paid for there. */
    private volatile @Nullable Throwable failureWithin;

    GovernedCall(Progress progress, @Nullable Reservation reservation, ContextView around) {
        this.progress = progress;
        this.reservation = reservation;
        this.outer = around.isEmpty() ? null : around.getOrDefault(KEY, null);
    }

    /** The context of an attempt. */
    Context in(Context context) {
        return context.put(KEY, this);
    }

    @Nullable
    Reservation reservation() {
        return reservation;
    }

    int attempts() {
        return progress.attempts();
    }

    // ---- one attempt ----

    /**
     * An attempt begins. What a failed one may have cost is spent, and as much is reserved again.
     *
     * @throws io.sluice.SluiceException if that does not fit the budget; the call must then not be repeated
     */
    void begin() {
        Throwable last = failure;
        if (state == State.FAILED && last != null) {
            if (reservation != null) {
                reservation.topUp(costOf(last));
            }
            used = TokenUsage.UNKNOWN;
            failureWithin = null;
            failure = null;
            STATE.compareAndSet(this, State.FAILED, State.WAITING);
        }
    }

    /** The attempt may be made now. */
    void count() {
        progress.attempt();
    }

    /** The attempt is about to be sent; false if the call is over, so that it must not be. */
    boolean send() {
        return STATE.compareAndSet(this, State.WAITING, State.SENT);
    }

    boolean isSent() {
        return state != State.WAITING;
    }

    void used(int attempt, TokenUsage usage) {
        if (attempt == progress.attempts()) {
            used = usage;
        }
    }

    /** The attempt was answered; before its permit ends by itself. */
    void answered(@Nullable Permit permit) {
        if (permit != null) {
            permit.succeeded(used);
        }
    }

    /** The attempt failed; before its permit ends by itself. One that was never sent gives its permit back. */
    void failed(Throwable error, @Nullable Permit permit) {
        failure = error;
        if (STATE.compareAndSet(this, State.SENT, State.FAILED)) {
            for (GovernedCall around = outer; around != null; around = around.outer) {
                around.failureWithin = error;
            }
        } else if (state == State.WAITING && permit != null) {
            permit.abandon();
        }
    }

    // ---- the whole call ----

    /** The call was answered; before the answer is told. */
    void succeeded() {
        if (STATE.getAndSet(this, State.ENDED) != State.ENDED && reservation != null) {
            reservation.succeeded(used);
        }
    }

    /** The call is over without an answer, by a failure, by want of time or by a cancellation. */
    void over() {
        State last = STATE.getAndSet(this, State.ENDED);
        Reservation held = reservation;
        if (held == null) {
            return;
        }
        Throwable why = failure;
        switch (last) {
            case WAITING -> held.abandon();
            case SENT -> held.succeeded(used);
            case FAILED -> held.failed(why == null ? unknownCost() : costOf(why));
            case ENDED -> {}
        }
    }

    /**
     * A failure that says what the attempt cost. What it said itself counts; a refusal of ours was that of a call within, and
     * says nothing about this one, which had been sent.
     */
    private Throwable costOf(Throwable error) {
        boolean told = used.hasInput() || used.hasOutput();
        return told || isOfCallWithin(error) || FailureClassifier.classify(error) == FailureClass.REJECTED
                ? unknownCost()
                : error;
    }

    /** A failure of a call that was sent, with what it is known to have used. */
    private ProviderFailure unknownCost() {
        return new ProviderFailure(0, null, "the attempt failed", FailureClass.UNKNOWN, null).withUsage(used);
    }

    private boolean isOfCallWithin(Throwable error) {
        Throwable within = failureWithin;
        Throwable at = within == null ? null : error;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            if (at == within) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }
}
