package io.sluice.failure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One limit as an answer's headers state it. What a provider left out, and what cannot be true (a negative number, more
 * left than the limit), is unknown.
 *
 * @param name a short name of the limit, such as {@code requests} or {@code input-tokens}
 * @param kind what it counts
 * @param limit the limit; -1 where it is unknown
 * @param remaining what is left of it; -1 where it is unknown
 * @param reset how long until all of it is free again, counted from the answer; null where it is unknown
 * @param rounding to the nearest multiple of what {@code remaining} is rounded; 1 where it is exact
 * @param namedWindow the window that the header's name tells; null where it tells none
 */
public record StatedLimit(
        String name,
        LimitKind kind,
        long limit,
        long remaining,
        @Nullable Duration reset,
        long rounding,
        @Nullable Duration namedWindow) {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);

    /**
     * How far the arithmetic of {@link #window()} may be off. Providers round the reset to a millisecond, and a small
     * request shows in only a few of those: 4 of 200,000 tokens with a reset of 1 ms give 50 seconds.
     */
    private static final double TOLERANCE = 0.2;

    /**
     * @throws IllegalArgumentException if the reset is negative or the rounding not positive
     */
    public StatedLimit {
        if (reset != null && reset.isNegative()) {
            throw new IllegalArgumentException("reset must not be negative, was " + reset);
        }
        if (rounding < 1) {
            throw new IllegalArgumentException("rounding must be at least 1, was " + rounding);
        }
        limit = Math.max(limit, -1);
        remaining = Math.max(remaining, -1);
    }

    /** Whether the limit is known. */
    public boolean hasLimit() {
        return limit >= 0;
    }

    /** Whether it is known what is left. */
    public boolean hasRemaining() {
        return remaining >= 0;
    }

    /** Whether nothing is left. */
    public boolean isExhausted() {
        return remaining == 0;
    }

    /**
     * The most that can be left in truth, rounding considered: Anthropic's "2000" may be 2,499. -1 where it is unknown.
     */
    public long remainingAtMost() {
        return remaining < 0 ? -1 : remaining + rounding / 2;
    }

    /**
     * The window of this limit: what its name tells, else what {@code reset * limit / (limit - remaining)} gives, where
     * that is about a minute or about a day. Null where it is neither or cannot be computed: then what is left says
     * nothing about a rolling window.
     */
    public @Nullable Duration window() {
        return namedWindow != null ? namedWindow : window(limit, remaining, reset);
    }

    /**
     * Whether it counts over a window of this length: its name says so, or {@code reset * limit / (limit - remaining)}
     * comes within a fifth of it.
     */
    public boolean isOver(Duration window) {
        if (namedWindow != null) {
            return namedWindow.equals(window);
        }
        double computed = computed(limit, remaining, reset);
        return computed > 0 && isAbout(computed, window);
    }

    /**
     * The window of a limit that refills continuously: what was used ({@code limit - remaining}) is free again after
     * {@code reset}, so all of it is after {@code reset * limit / used}.
     *
     * @param limit the limit; a negative number means unknown
     * @param remaining what is left; a negative number means unknown
     * @param reset until all is free again, or null
     * @return exactly 60 seconds or exactly 24 hours where the arithmetic comes within a fifth of it, else null
     */
    public static @Nullable Duration window(long limit, long remaining, @Nullable Duration reset) {
        double nanos = computed(limit, remaining, reset);
        if (isAbout(nanos, MINUTE)) {
            return MINUTE;
        }
        return isAbout(nanos, DAY) ? DAY : null;
    }

    /** In nanoseconds; 0 where it cannot be computed. */
    private static double computed(long limit, long remaining, @Nullable Duration reset) {
        if (reset == null || reset.isNegative() || remaining < 0 || limit <= remaining) {
            return 0;
        }
        return (double) Nanos.of(reset) / (limit - remaining) * limit;
    }

    private static boolean isAbout(double nanos, Duration window) {
        double exact = (double) window.toNanos();
        return Math.abs(nanos - exact) <= exact * TOLERANCE;
    }
}
