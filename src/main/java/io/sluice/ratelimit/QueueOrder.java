package io.sluice.ratelimit;

import java.util.Map;

/**
 * What a limiter was told about the order of those who wait.
 *
 * @param agingNanos what a class of priority is worth
 * @param weights the shares of tenants, where they are not 1
 * @param nested what becomes of a call inside a call of the same key
 */
record QueueOrder(long agingNanos, Map<String, Double> weights, NestedCalls nested) {

    /** The share of those about whom nothing is said, and of all calls without a tenant together. */
    static final double USUAL_WEIGHT = 1;

    double weightOf(String tenant) {
        return weights.getOrDefault(tenant, USUAL_WEIGHT);
    }
}
