package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts a stream along, and reserves more when it goes beyond its estimate. Elements come one at a time; the end may be told
 * by another thread, which then sees all but perhaps the newest element.
 */
final class StreamMeter<T> {

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<StreamMeter> BEGUN =
            AtomicIntegerFieldUpdater.newUpdater(StreamMeter.class, "begun");

    /** The most tokens of one side of one call. */
    private static final long MOST = 1L << 40;

    /** The most tokens that are reserved beyond what is needed. */
    private static final long MOST_SPARE = 1_024;

    private final LiveReservation reservation;
    private final TokenEstimate estimate;
    private final ToLongFunction<? super T> counter;
    private final Function<? super T, @Nullable TokenUsage> teller;

    // Written with each element, and published by begun.
    private long counted;
    private long statedInput = -1;
    private long statedOutput = -1;

    /** What is reserved; more is asked for when more is needed. */
    private long tokens;

    private long money;

    /** So much of each side needs no further look. */
    private long coveredInput;

    private long coveredOutput;

    private long mostSpare = MOST_SPARE;

    private volatile int begun;

    StreamMeter(
            LiveReservation reservation,
            ToLongFunction<? super T> counter,
            Function<? super T, @Nullable TokenUsage> teller) {
        this.reservation = reservation;
        this.estimate = reservation.charge().estimate();
        this.counter = counter;
        this.teller = teller;
        this.tokens = estimate.total();
        this.coveredInput = estimate.input();
        this.coveredOutput = estimate.maxOutput();
        this.money = reservation.asked().money();
    }

    /** Whether anything has come, so that the call surely ran. */
    boolean hasBegun() {
        return begun != 0;
    }

    /** Counts an element; null, or why the stream must not go on. */
    @Nullable
    SluiceException add(T value) {
        long more;
        TokenUsage told;
        try {
            more = counter.applyAsLong(value);
            if (more < 0) {
                throw new IllegalArgumentException("an element must not be counted as " + more + " tokens");
            }
            told = teller.apply(value);
        } finally {
            BEGUN.lazySet(this, 1);
        }
        counted = Math.min(MOST, counted + Math.min(MOST, more));
        if (told != null) {
            statedInput = told.inputOr(statedInput);
            statedOutput = told.outputOr(statedOutput);
        }
        BEGUN.lazySet(this, 1);
        long input = input();
        long output = Math.max(counted, statedOutput);
        return output <= coveredOutput && input <= coveredInput ? null : cover(input, output);
    }

    /**
     * Reserves more. A little to spare with it, so that the next elements need not ask, however small they are: the more, the
     * further the stream has gone beyond its estimate. Where that is not to be had, what is needed and no more.
     */
    private @Nullable SluiceException cover(long input, long output) {
        long spare = Math.min(mostSpare, Math.max(0, input + output - estimate.total()) / 8);
        if (spare > 0) {
            if (cover(input, output, spare, true) == null) {
                return null;
            }
            mostSpare = spare / 2;
        }
        SluiceException reason = cover(input, output, 0, false);
        return reason instanceof BudgetExceededException exceeded ? exceeded.ofStream() : reason;
    }

    private @Nullable SluiceException cover(long input, long output, long spare, boolean quietly) {
        long moreTokens = Math.max(0, input + output + spare - tokens);
        long moreMoney = Math.max(0, reservation.priceUpTo(input, output + spare) - money);
        SluiceException refusal =
                moreTokens == 0 && moreMoney == 0 ? null : reservation.extend(moreTokens, moreMoney, quietly);
        if (refusal == null) {
            tokens += moreTokens;
            money += moreMoney;
            coveredInput = input;
            coveredOutput = output + spare;
        }
        return refusal;
    }

    private long input() {
        return statedInput < 0 ? estimate.input() : statedInput;
    }

    /** The stream came to its end: what it stated last is right, and what it did not state was counted. */
    void settleComplete() {
        reservation.succeeded(TokenUsage.of(input(), statedOutput < 0 ? counted : statedOutput));
    }

    /**
     * The stream broke off. What it stated may be from its beginning, so what was counted holds where it is more.
     *
     * @param told what is known from elsewhere, and holds before all
     */
    void settleBroken(TokenUsage told) {
        reservation.succeeded(TokenUsage.of(told.inputOr(input()), told.outputOr(Math.max(counted, statedOutput))));
    }
}
