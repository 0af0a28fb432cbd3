package io.sluice.ratelimit;

/**
 * How much was charged lately, each charge fading with time: after one window a charge counts 1/e. For a steady stream
 * it is what a window holds. Reading changes nothing, and an idle key fades to zero.
 *
 * <p>Plain and single-threaded.
 */
final class DecayingCount {

    private final double window;
    private long updatedAt;
    private double requests;
    private double tokens;

    DecayingCount(long windowNanos) {
        this.window = (double) windowNanos;
    }

    void charge(long now, long chargedRequests, long chargedTokens) {
        double faded = fade(now, updatedAt);
        requests = requests * faded + (double) chargedRequests;
        tokens = tokens * faded + (double) chargedTokens;
        updatedAt = now;
    }

    /** Gives back what was charged at an earlier time, as far as it still counts. */
    void refund(long now, long chargedAt, long refundedRequests, long refundedTokens) {
        double left = fade(now, chargedAt);
        double faded = fade(now, updatedAt);
        requests = Math.max(0, requests * faded - (double) refundedRequests * left);
        tokens = Math.max(0, tokens * faded - (double) refundedTokens * left);
        updatedAt = now;
    }

    /** Goes on from averages of some time ago. */
    void restore(long now, double knownRequests, double knownTokens, long agoNanos) {
        double faded = fade(agoNanos, 0);
        requests = knownRequests * faded;
        tokens = knownTokens * faded;
        updatedAt = now;
    }

    double requests(long now) {
        return requests * fade(now, updatedAt);
    }

    double tokens(long now) {
        return tokens * fade(now, updatedAt);
    }

    private double fade(long now, long since) {
        return now == since ? 1 : Math.exp((double) (since - now) / window);
    }
}
