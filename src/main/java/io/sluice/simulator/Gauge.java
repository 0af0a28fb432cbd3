package io.sluice.simulator;

/**
 * One limit of a model: how much counts, and how long until more fits. Plain arithmetic in nanoseconds, not thread-safe;
 * {@code now} never goes back from one call to the next.
 */
sealed interface Gauge permits RollingGauge, BucketGauge, FixedGauge {

    /** How much counts now. */
    long used(long now);

    /**
     * How long until so much would fit if nothing else came; 0 where it fits now.
     *
     * @param amount at most the limit
     */
    long delay(long amount, long now);

    /**
     * Counts so much from now on, whether it fits or not.
     *
     * @return a mark of it, for {@link #giveBack}
     */
    long charge(long amount, long now);

    /** Takes back a part of a charge, where that still counts. */
    void giveBack(long mark, long amount, long now);

    /** How long until nothing of what counts now counts any more. */
    long reset(long now);

    /** The most that ever counted at once. */
    long highest();

    static Gauge of(WindowKind kind, long limit, long lengthNanos) {
        return switch (kind) {
            case ROLLING -> new RollingGauge(limit, lengthNanos);
            case TOKEN_BUCKET -> new BucketGauge(limit, lengthNanos);
            case FIXED -> new FixedGauge(limit, lengthNanos);
        };
    }
}
