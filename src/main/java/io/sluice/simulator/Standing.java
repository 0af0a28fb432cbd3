package io.sluice.simulator;

/**
 * How a model's window stands after a decision.
 *
 * @param limits what it allows
 * @param requests how many requests count now
 * @param tokens how many tokens count now
 * @param resetNanos how long until nothing of this counts any more
 */
record Standing(ModelLimits limits, long requests, long tokens, long resetNanos) {}
