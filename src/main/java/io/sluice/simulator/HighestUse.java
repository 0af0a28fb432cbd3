package io.sluice.simulator;

/**
 * The most that any one window of a model held, as it was charged on arrival.
 *
 * @param requests the most requests
 * @param tokens the most tokens
 */
public record HighestUse(long requests, long tokens) {}
