package io.sluice.governor;

import io.sluice.budget.Reservation;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/** How far one subscription has come, for whoever tells its outcome. Written by one signal at a time. */
final class Progress {

    private volatile int attempts;
    private volatile @Nullable String fallback;
    private volatile @Nullable Throwable replaced;
    private volatile @Nullable Reservation reservation;
    private volatile TokenUsage usage = TokenUsage.UNKNOWN;

    /** Another attempt is made. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // attempts follow each other
    void attempt() {
        attempts++;
    }

    /** How many attempts were made. */
    int attempts() {
        return attempts;
    }

    /** A fallback takes the place of what failed. */
    void fallsBack(String to, Throwable failure) {
        fallback = to;
        if (replaced == null) {
            replaced = failure;
        }
    }

    /** The fallback that was taken last; null where none was. */
    @Nullable
    String fallback() {
        return fallback;
    }

    /** What the governed call failed with before a fallback took its place. */
    @Nullable
    Throwable replaced() {
        return replaced;
    }

    /** A budget pays for the call. */
    void paidBy(Reservation reservation) {
        this.reservation = reservation;
    }

    /** What the call has cost until now; null where no budget pays for it. */
    @Nullable
    Money cost() {
        Reservation held = reservation;
        return held == null ? null : held.cost();
    }

    /** An attempt is over, and said that it used this. */
    void used(TokenUsage more) {
        if (!more.equals(TokenUsage.UNKNOWN)) {
            TokenUsage before = usage;
            usage = before.equals(TokenUsage.UNKNOWN) ? more : sum(before, more);
        }
    }

    /** A side that only some attempts said is what those said. */
    private static TokenUsage sum(TokenUsage a, TokenUsage b) {
        boolean input = a.hasInput() || b.hasInput();
        boolean output = a.hasOutput() || b.hasOutput();
        long in = a.inputOr(0) + b.inputOr(0);
        long out = a.outputOr(0) + b.outputOr(0);
        return input && output ? TokenUsage.of(in, out) : input ? TokenUsage.input(in) : TokenUsage.output(out);
    }

    /** What the attempts said that they used, all in all. */
    TokenUsage usage() {
        return usage;
    }
}
