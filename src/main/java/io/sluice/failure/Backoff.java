package io.sluice.failure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Exponential waiting where the other side gave no hint: {@code min(max, base * 2^(n-1))}, stretched by a random part
 * of up to {@code jitter} of itself, never longer than {@code max}.
 *
 * @param base the wait after the first failure; positive
 * @param max the longest wait, jitter included; at least {@code base}
 * @param jitter the largest random part as a share of the wait; 0 to 1
 */
public record Backoff(Duration base, Duration max, double jitter) {

    /** One second, doubling, up to a minute, with a jitter of a fifth. */
    public static final Backoff DEFAULT = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), 0.2);

    /**
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Backoff {
        if (base.isNegative() || base.isZero()) {
            throw new IllegalArgumentException("base must be greater than zero, was " + base);
        }
        if (max.compareTo(base) < 0) {
            throw new IllegalArgumentException("max must be at least the base of " + base + ", was " + max);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter must be between 0 and 1, was " + jitter);
        }
    }

    /**
     * The wait after the {@code attempt}-th failure.
     *
     * @param attempt 1 for the first failure; smaller numbers count as 1, large ones do not overflow
     * @param random a number in [0, 1)
     */
    public Duration delay(long attempt, double random) {
        long doublings = Math.min(Math.max(attempt - 1, 0), 62);
        double longest = (double) Nanos.of(max);
        double capped = Math.min((double) Nanos.of(base) * (double) (1L << doublings), longest);
        return Duration.ofNanos((long) Math.min(capped * (1 + jitter * share(random)), longest));
    }

    /**
     * The wait after the {@code attempt}-th failure where the other side may have said how long to wait. What it said is
     * never undercut; it is stretched by a random part, so that not everybody who was told the same comes back at the
     * same instant: up to {@code jitter} of the hint or of the base, whichever is more, and {@code max} at most.
     *
     * <p>A hint of zero counts as none: who was refused and is told to come at once would come at once for ever.
     *
     * @param attempt 1 for the first failure; counts only where there is no hint
     * @param random a number in [0, 1)
     * @param hint how long the other side says to wait; null where it does not
     * @throws IllegalArgumentException if the hint is negative
     */
    public Duration delay(long attempt, double random, @Nullable Duration hint) {
        if (hint == null || hint.isZero()) {
            return delay(attempt, random);
        }
        if (hint.isNegative()) {
            throw new IllegalArgumentException("hint must not be negative, was " + hint);
        }
        double stretched = jitter * (double) Math.max(Nanos.of(hint), Nanos.of(base));
        return Duration.ofNanos(Nanos.sum(
                Nanos.of(hint), (long) (Math.min(stretched, (double) Nanos.of(max)) * share(random))));
    }

    /** A random source that is not one must not make a wait negative or endless. */
    private static double share(double random) {
        return random > 0 ? Math.min(random, 1) : 0;
    }
}
