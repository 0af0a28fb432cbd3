package io.sluice.governor;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.budget.Reservation;
import io.sluice.call.RepeatGate;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.Permit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The account of one governed call over its attempts: whether the present one was sent, how it failed, and what it used. One
 * atomic state decides between an attempt that is about to be sent and an end that comes at the same time, so that nothing is
 * sent unpaid and nothing paid for that was not sent.
 *
 * <pre>
 * WAITING -send-> SENT -failed-> FAILED -refusal-> PAYING -paid-> WAITING
 *                                   '------ refused -----'
 *   any but ENDED -over-> ENDED; from PAYING whoever pays settles the call
 * </pre>
 */
final class GovernedCall implements RepeatGate, Ending {

    private static final int MAX_CAUSES = 32;

    /** The most tokens of one side of one call. */
    private static final long MOST = 1L << 40;

    private enum State {
        /** The present attempt was not sent; earlier ones are paid for. */
        WAITING,
        /** The present attempt runs. */
        SENT,
        /** The present attempt was sent and failed. */
        FAILED,
        /** The failed attempt is being paid for, and another one reserved. */
        PAYING,
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
    private volatile long counted;

    /** Whether more was used than the budget was asked about. */
    private volatile boolean usedMore;

    /** Why the budget has cut the present attempt. */
    private volatile @Nullable Throwable cut;

    /** What a governed call within the present attempt failed with; it was paid for there. */
    private volatile @Nullable Throwable failureWithin;

    GovernedCall(Progress progress, @Nullable Reservation reservation, ContextView around) {
        this.progress = progress;
        this.reservation = reservation;
        this.outer = RepeatGate.of(around) instanceof GovernedCall call ? call : null;
        if (reservation != null) {
            progress.paidBy(reservation);
        }
    }

    @Override
    public Context in(Context context) {
        return RepeatGate.super.in(context);
    }

    @Nullable
    Reservation reservation() {
        return reservation;
    }

    int attempts() {
        return progress.attempts();
    }

    // ---- one attempt ----

    /** The attempt may be made now. */
    void count() {
        used = TokenUsage.UNKNOWN;
        counted = 0;
        cut = null;
        failureWithin = null;
        progress.attempt();
    }

    /** The attempt is about to be sent; false if the call is over, so that it must not be. */
    boolean send() {
        return STATE.compareAndSet(this, State.WAITING, State.SENT);
    }

    /** What the attempt says that it has used. */
    void used(int attempt, TokenUsage usage) {
        if (attempt == progress.attempts()) {
            used = usage;
            usedMore = true;
        }
    }

    /** So many tokens of output more were counted. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // by the signals of one attempt
    void counted(int attempt, long tokens) {
        if (attempt == progress.attempts()) {
            counted = Math.min(MOST, counted + Math.min(MOST, tokens));
            usedMore = true;
        }
    }

    /** What the attempt has used: what it stated, and where that is more or all that is known, what was counted. */
    private TokenUsage usage(boolean complete) {
        TokenUsage stated = used;
        long output = counted;
        if (output == 0 || (stated.hasOutput() && (complete || stated.outputOr(0) >= output))) {
            return stated;
        }
        return stated.hasInput() ? TokenUsage.of(stated.inputOr(0), output) : TokenUsage.output(output);
    }

    /** An element is about to be told: null, or why the budget does not allow the stream to go on. */
    @Nullable
    Throwable overrun() {
        if (reservation == null || !usedMore) {
            return null;
        }
        usedMore = false;
        try {
            reservation.cover(usage(false));
            return null;
        } catch (SluiceException reason) {
            cut = reason;
            return reason;
        }
    }

    /** The attempt was answered; before its permit ends by itself. */
    void answered(@Nullable Permit permit) {
        if (permit != null) {
            permit.succeeded(usage(true));
        }
    }

    /**
     * The attempt failed; before its permit ends by itself. One that was never sent gives its permit back.
     *
     * @return whether it was sent
     */
    boolean failed(Throwable error, @Nullable Permit permit) {
        failure = error;
        if (STATE.compareAndSet(this, State.SENT, State.FAILED)) {
            if (error == cut && permit != null) {
                permit.succeeded(usage(false));
            }
            for (GovernedCall around = outer; around != null; around = around.outer) {
                around.failureWithin = error;
            }
            return true;
        }
        if (state == State.WAITING && permit != null) {
            permit.abandon();
        }
        return false;
    }

    /**
     * There is to be another attempt. What the failed one may have cost is spent, and as much is reserved again, at once: where
     * that does not fit there is nothing to wait for.
     */
    @Override
    public @Nullable Throwable refusal(Throwable error) {
        Throwable last = failure;
        if (last == null || !STATE.compareAndSet(this, State.FAILED, State.PAYING)) {
            return null;
        }
        Throwable cost = costOf(last);
        Throwable refusal = pay(cost);
        if (refusal == null) {
            progress.used(usageOf(last));
        } else if (refusal != error) {
            refusal.addSuppressed(error);
        }
        if (!STATE.compareAndSet(this, State.PAYING, refusal == null ? State.WAITING : State.FAILED)
                && reservation != null) {
            if (refusal == null) {
                reservation.abandon();
            } else {
                reservation.failed(cost);
            }
        }
        return refusal;
    }

    private @Nullable Throwable pay(Throwable cost) {
        if (reservation == null) {
            return null;
        }
        try {
            reservation.topUp(cost);
            return null;
        } catch (Throwable refusal) {
            // Also what a price throws: what cannot be paid for must not be sent.
            Exceptions.throwIfFatal(refusal);
            return refusal;
        }
    }

    // ---- the whole call ----

    @Override
    public void answered() {
        if (STATE.getAndSet(this, State.ENDED) != State.ENDED) {
            TokenUsage usage = usage(true);
            progress.used(usage);
            if (reservation != null) {
                reservation.succeeded(usage);
            }
        }
    }

    @Override
    public void failed(Throwable error) {
        over();
    }

    @Override
    public void cancelling() {
        over();
    }

    /** The call is over without an answer, by a failure, by want of time or by a cancellation. */
    private void over() {
        State last = STATE.getAndSet(this, State.ENDED);
        Throwable why = failure;
        if (last == State.SENT) {
            progress.used(usage(false));
        } else if (last == State.FAILED) {
            progress.used(usageOf(why));
        }
        Reservation held = reservation;
        if (held == null) {
            return;
        }
        switch (last) {
            case WAITING -> held.abandon();
            case SENT -> held.succeeded(usage(false));
            case FAILED -> held.failed(why == null ? unknownCost() : costOf(why));
            case PAYING, ENDED -> {}
        }
    }

    /**
     * A failure that says what the attempt cost. What it said itself counts; a refusal of ours was that of a call within, and
     * says nothing about this one, which had been sent.
     */
    private Throwable costOf(Throwable error) {
        TokenUsage usage = usage(false);
        boolean told = usage.hasInput() || usage.hasOutput();
        return told || isOfCallWithin(error) || FailureClassifier.classify(error) == FailureClass.REJECTED
                ? unknownCost()
                : error;
    }

    /** A failure of a call that was sent, with what it is known to have used. */
    private ProviderFailure unknownCost() {
        return new ProviderFailure(0, null, "the attempt failed", FailureClass.UNKNOWN, null).withUsage(usage(false));
    }

    /** What a failed attempt is known to have used. */
    private TokenUsage usageOf(@Nullable Throwable error) {
        TokenUsage usage = usage(false);
        return !usage.equals(TokenUsage.UNKNOWN) || error == null || isOfCallWithin(error)
                ? usage
                : FailureClassifier.standard().read(error, null).usage();
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
