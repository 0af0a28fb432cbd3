package io.sluice.simulator;

import java.util.SplittableRandom;

/**
 * All that is random in a simulator, from one seed. Each request draws from generators of its own, so that what one
 * request gets does not depend on which other came first.
 */
final class Randomness {

    private static final long LATENCY = 0x6c61_7465_6e63_7921L;
    private static final long TRAVEL = 0x7472_6176_656c_7365L;
    private static final long FAULT = 0x6661_756c_7473_2121L;
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private final long seed;

    Randomness(long seed) {
        this.seed = seed;
    }

    /** How long the work on the request of this number takes, in nanoseconds. */
    long latency(Latency latency, long number) {
        return latency.sample(generator(LATENCY + number * GOLDEN));
    }

    /** How long the request of this number is on its way, in nanoseconds. */
    long travel(Latency travel, long number) {
        return travel.sample(generator(TRAVEL + number * GOLDEN));
    }

    /** A number in [0, 1) for one rule and the request of this number. */
    double fault(long rule, long number) {
        return generator(FAULT + rule * FAULT + number * GOLDEN).nextDouble();
    }

    /** The generator for the answer to this content. */
    SplittableRandom answer(int contentHash) {
        return generator(contentHash * GOLDEN);
    }

    private SplittableRandom generator(long salt) {
        return new SplittableRandom(seed * 31 + salt);
    }
}
