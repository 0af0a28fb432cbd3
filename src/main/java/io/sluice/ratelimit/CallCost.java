package io.sluice.ratelimit;

/**
 * What a call takes of the limits that several tenants share: the part of one window, or day, that it is charged, of that
 * limit of which it is charged most.
 */
final class CallCost {

    /**
     * What a call costs at least where only tokens are limited. Calls without tokens would otherwise cost nothing, and
     * nobody would ever have his turn after them.
     */
    static final double LEAST = 1e-4;

    private CallCost() {}

    /** Greater than zero. Where neither requests nor tokens are limited, all calls cost the same. */
    static double of(Grant grant, CountedLimit[] limits) {
        double most = 0;
        double least = 1;
        for (CountedLimit limit : limits) {
            if (limit.isInForce()) {
                most = Math.max(most, (double) grant.charged(limit.index()) / (double) limit.effective());
                least = Math.min(least, limit.name().isOfTokens() ? LEAST : 0);
            }
        }
        return Math.max(most, least);
    }
}
