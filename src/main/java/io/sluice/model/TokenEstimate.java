package io.sluice.model;

/**
 * What a call is expected to cost before it is sent: the tokens of its input, and the most that it may answer with.
 *
 * @param input estimated input tokens, 0 to 2^40
 * @param maxOutput the requested cap of the output in tokens, 0 to 2^40
 */
public record TokenEstimate(long input, long maxOutput) {

    /** A call that costs a request and no tokens, such as a tool call. */
    public static final TokenEstimate NONE = new TokenEstimate(0, 0);

    /**
     * @throws IllegalArgumentException if a number is negative or above 2^40
     */
    public TokenEstimate {
        TokenCount.check("input", input);
        TokenCount.check("maxOutput", maxOutput);
    }

    /**
     * @throws IllegalArgumentException if a number is negative or above 2^40
     */
    public static TokenEstimate of(long input, long maxOutput) {
        return new TokenEstimate(input, maxOutput);
    }

    /** Input and output together. */
    public long total() {
        return input + maxOutput;
    }
}
