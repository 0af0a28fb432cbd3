package io.sluice.failure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before another attempt can succeed, as the other side said it.
 *
 * @param delay at least zero and at most the cap that it was read with; rounded up to nanoseconds
 * @param exceedsCap whether more was asked for than the cap: then an attempt after {@code delay} would be too early
 * @param source where it was found
 */
public record WaitHint(Duration delay, boolean exceedsCap, HintSource source) {

    /**
     * @throws IllegalArgumentException if the delay is negative
     */
    public WaitHint {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative, was " + delay);
        }
    }

    /** A hint, or null where there is none. */
    static @Nullable WaitHint of(long nanos, Duration cap, HintSource source) {
        if (nanos == Nanos.NONE) {
            return null;
        }
        boolean exceeds = nanos > Nanos.of(cap);
        return new WaitHint(exceeds ? cap : Duration.ofNanos(nanos), exceeds, source);
    }
}
