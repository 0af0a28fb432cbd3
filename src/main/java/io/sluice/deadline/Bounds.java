package io.sluice.deadline;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one subscription, in nanoseconds; {@link #NONE} where there is none. Plain arithmetic.
 *
 * @param attempt from the subscription to the end
 * @param first from the subscription, or the first demand, to the first element
 * @param gap from one element to the next
 * @param total from the subscription to the end of a Mono, or the first element of a Flux
 */
record Bounds(long attempt, long first, long gap, long total) {

    static final long NONE = Long.MAX_VALUE;

    private static final long NANOS = 1_000_000_000L;

    static long nanos(@Nullable Duration duration) {
        return duration == null || duration.toSeconds() >= Long.MAX_VALUE / NANOS ? NONE : duration.toNanos();
    }

    /** The time that lies so much after another; never, where there is no bound. */
    static long after(long from, long by) {
        return by > Long.MAX_VALUE - Math.max(from, 0) ? NONE : from + by;
    }

    /** Whether nothing is bounded. */
    boolean isEmpty() {
        return attempt == NONE && first == NONE && gap == NONE && total == NONE;
    }

    long of(Bound bound) {
        return switch (bound) {
            case ATTEMPT -> attempt;
            case FIRST_ELEMENT -> first;
            case GAP -> gap;
            case TOTAL -> total;
        };
    }
}
