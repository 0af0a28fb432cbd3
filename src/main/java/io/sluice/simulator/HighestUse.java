package io.sluice.simulator;

/**
 * The most of a model's limits that was used at once: in a rolling or fixed window the most that any one held, of a token
 * bucket the most that was out of it.
 *
 * @param requests the most requests
 * @param tokens the most tokens, input and output together
 * @param inputTokens the most tokens of input
 * @param outputTokens the most tokens of output
 */
public record HighestUse(long requests, long tokens, long inputTokens, long outputTokens) {

    static final HighestUse NOTHING = new HighestUse(0, 0, 0, 0);
}
