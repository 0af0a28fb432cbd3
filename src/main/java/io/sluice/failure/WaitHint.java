package io.sluice.failure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before another attempt can succeed, as the other side said it.
 *
 * @param delay at least zero and at most the cap that it was read with; rounded up to nanoseconds
 * @param exceedsCap whether more was asked for than the cap: then an attempt after {@code delay} would be too early
 * @param source where it was found
 * @param asked how long the other side really asked to wait, for whoever believes more
 */
public record WaitHint(Duration delay, boolean exceedsCap, HintSource source, Duration asked) {

    /**
     * @throws IllegalArgumentException if the delay is negative
     */
    public WaitHint {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative, was " + delay);
        }
    }

    /** A hint of exactly this delay. */
    public WaitHint(Duration delay, HintSource source) {
        this(delay, false, source, delay);
    }

    /** The same hint, read with another cap. */
    WaitHint within(Duration cap) {
        boolean exceeds = asked.compareTo(cap) > 0;
        return new WaitHint(exceeds ? cap : asked, exceeds, source, asked);
    }

    /** A hint, or null where there is none. */
    static @Nullable WaitHint of(long nanos, Duration cap, HintSource source) {
        if (nanos == Nanos.NONE) {
            return null;
        }
        return new WaitHint(Duration.ofNanos(nanos), source).within(cap);
    }
}
