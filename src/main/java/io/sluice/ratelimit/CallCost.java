package io.sluice.ratelimit;

/**
 * What a call takes of the limits that several tenants share: the part of one window that its estimate fills, of that limit
 * of which it fills more.
 */
final class CallCost {

    /**
     * What a call costs at least where only tokens are limited. Calls without tokens would otherwise cost nothing, and
     * nobody would ever have his turn after them.
     */
    static final double LEAST = 1e-4;

    private CallCost() {}

    /** Greater than zero. Where neither requests nor tokens are limited, all calls cost the same. */
    static double of(RateLimitProfile profile, long tokens) {
        boolean tokensCount = profile.tpm() != null;
        double least = tokensCount ? LEAST : 1;
        double byRequests = profile.rpm() == null ? least : 1.0 / (double) profile.effectiveRpm();
        double byTokens = tokensCount ? (double) tokens / (double) profile.effectiveTpm() : 0;
        return Math.max(byRequests, byTokens);
    }
}
