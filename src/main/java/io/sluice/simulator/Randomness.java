package io.sluice.simulator;

import java.util.SplittableRandom;

/**
 * All that is random in a simulator, from one seed. Each request draws from a generator of its own, so that what one
 * request gets does not depend on which other came first.
 */
final class Randomness {

    private static final long LATENCY = 0x6c61_7465_6e63_7921L;
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private final long seed;

    Randomness(long seed) {
        this.seed = seed;
    }

    /** A latency within the bounds, both included, for the request of this number. */
    long latency(long number, long minNanos, long maxNanos) {
        return minNanos == maxNanos
                ? minNanos
                : generator(LATENCY + number * GOLDEN).nextLong(minNanos, maxNanos + 1);
    }

    /** The generator for the answer to this content. */
    SplittableRandom answer(int contentHash) {
        return generator(contentHash * GOLDEN);
    }

    private SplittableRandom generator(long salt) {
        return new SplittableRandom(seed * 31 + salt);
    }
}
