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
        return output <= estimate.maxOutput() && input <= estimate.input() ? null : cover(input, output);
    }

    private @Nullable SluiceException cover(long input, long output) {
        long moreTokens = Math.max(0, input + output - tokens);
        long moreMoney = Math.max(0, reservation.priceUpTo(input, output) - money);
        if (moreTokens == 0 && moreMoney == 0) {
            return null;
        }
        SluiceException refusal = reservation.extend(moreTokens, moreMoney);
        if (refusal == null) {
            tokens += moreTokens;
            money += moreMoney;
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
