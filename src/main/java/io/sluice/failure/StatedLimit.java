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
 * @param resetOff by how much {@code reset} may be off to either side, because it is written in whole seconds or counted
 *     from a clock that is; at least zero
 */
public record StatedLimit(
        String name,
        LimitKind kind,
        long limit,
        long remaining,
        @Nullable Duration reset,
        long rounding,
        @Nullable Duration namedWindow,
        Duration resetOff) {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);

    /**
     * How far the arithmetic of {@link #window()} may be off besides what is rounded, because a limit refills while it is
     * counted.
     */
    private static final double TOLERANCE = 0.2;

    /**
     * How far the ends of what can be true may be apart: what is between 25 and 75 seconds is taken for a minute, as 4 of
     * 200,000 tokens with a reset of 1 ms are; between 0 and 100 seconds is anything.
     */
    private static final double WIDEST = 3.01;

    private static final Duration HALF_A_MILLISECOND = Duration.ofNanos(500_000);

    /**
     * @throws IllegalArgumentException if the reset or what it may be off is negative, or the rounding not positive
     */
    public StatedLimit {
        if (resetOff.isNegative()) {
            throw new IllegalArgumentException("resetOff must not be negative, was " + resetOff);
        }
        if (reset != null && reset.isNegative()) {
            throw new IllegalArgumentException("reset must not be negative, was " + reset);
        }
        if (rounding < 1) {
            throw new IllegalArgumentException("rounding must be at least 1, was " + rounding);
        }
        limit = Math.max(limit, -1);
        remaining = Math.max(remaining, -1);
    }

    /** A limit whose reset is written in milliseconds, or finer. */
    public StatedLimit(
            String name,
            LimitKind kind,
            long limit,
            long remaining,
            @Nullable Duration reset,
            long rounding,
            @Nullable Duration namedWindow) {
        this(
                name,
                kind,
                limit,
                remaining,
                reset,
                rounding,
                namedWindow,
                offInMillis(reset == null ? 0 : Nanos.of(reset)));
    }

    /** How far a duration may be off that is written in milliseconds; one that is written finer is exact. */
    static Duration offInMillis(long nanos) {
        return nanos % Nanos.MILLI == 0 ? HALF_A_MILLISECOND : Duration.ZERO;
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
     * that can only be about a minute or about a day, whatever was rounded. Null where it is neither, can be anything, or
     * cannot be computed: then what is left says nothing about a rolling window.
     */
    public @Nullable Duration window() {
        if (namedWindow != null) {
            return namedWindow;
        }
        if (isOver(MINUTE)) {
            return MINUTE;
        }
        return isOver(DAY) ? DAY : null;
    }

    /**
     * Whether it counts over a window of this length: its name says so, or {@code reset * limit / (limit - remaining)}
     * comes within a fifth of it, whatever was rounded.
     */
    public boolean isOver(Duration window) {
        if (namedWindow != null) {
            return namedWindow.equals(window);
        }
        return reset != null && fits(window, reset, resetOff, rounding / 2.0);
    }

    /**
     * The window of a limit that refills continuously: what was used ({@code limit - remaining}) is free again after
     * {@code reset}, so all of it is after {@code reset * limit / used}.
     *
     * @param limit the limit; a negative number means unknown
     * @param remaining what is left; a negative number means unknown
     * @param reset until all is free again, to the millisecond, or null
     * @return exactly 60 seconds or exactly 24 hours where the arithmetic comes within a fifth of it, else null
     */
    public static @Nullable Duration window(long limit, long remaining, @Nullable Duration reset) {
        if (reset == null || reset.isNegative()) {
            return null;
        }
        return new StatedLimit("", LimitKind.REQUESTS, limit, remaining, reset, 1, null).window();
    }

    /** Whether the shortest and the longest window that can be true lie around this one, and near to each other. */
    private boolean fits(Duration window, Duration reset, Duration off, double usedOff) {
        if (remaining < 0 || limit <= remaining) {
            return false;
        }
        double used = limit - remaining;
        double between = usedOff > 0.5 ? usedOff : 0;
        if (used <= between) {
            return false;
        }
        double nanos = (double) Nanos.of(reset);
        double shortest = Math.max(nanos - Nanos.of(off), 0) / (used + between) * limit;
        double longest = (nanos + Nanos.of(off)) / (used - between) * limit;
        double exact = (double) window.toNanos();
        return longest <= shortest * WIDEST
                && shortest <= exact * (1 + TOLERANCE)
                && longest >= exact * (1 - TOLERANCE);
    }
}
