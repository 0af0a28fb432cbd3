package io.sluice.ratelimit;

import java.math.BigInteger;
import java.time.Duration;

/**
 * At most so many requests in so short a time, out of a limit for a whole window.
 *
 * @param requests how many
 * @param nanos in how many nanoseconds; divisions are rounded up
 */
record BurstLimit(long requests, long nanos) {

    /** The limit on bursts of a profile; one that never holds anything up where it has none. */
    static BurstLimit of(RateLimitProfile profile, long windowNanos) {
        Duration burst = profile.burst();
        if (burst == null) {
            return new BurstLimit(Long.MAX_VALUE, windowNanos);
        }
        BigInteger window = BigInteger.valueOf(windowNanos);
        BigInteger all = BigInteger.valueOf(profile.effectiveRpm());
        BigInteger time = BigInteger.valueOf(burst.getSeconds())
                .multiply(BigInteger.valueOf(1_000_000_000))
                .add(BigInteger.valueOf(burst.getNano()));
        BigInteger requests = all.multiply(time).divide(window).max(BigInteger.ONE);
        if (requests.compareTo(all) >= 0) {
            return new BurstLimit(Long.MAX_VALUE, windowNanos);
        }
        BigInteger[] nanos = requests.multiply(window).divideAndRemainder(all);
        return new BurstLimit(requests.longValueExact(), nanos[0].longValueExact() + nanos[1].signum());
    }
}
