package io.sluice.model;

/**
 * What a call really used, as the provider reported it. A side that was not reported is unknown, which is not zero: it
 * keeps its estimate wherever usage is settled.
 */
public final class TokenUsage {

    /** Nothing is known. */
    public static final TokenUsage UNKNOWN = new TokenUsage(-1, -1);

    private final long input;
    private final long output;

    private TokenUsage(long input, long output) {
        this.input = input;
        this.output = output;
    }

    /**
     * Both sides are known.
     *
     * @throws IllegalArgumentException if a number is negative or above 2^40
     */
    public static TokenUsage of(long input, long output) {
        return new TokenUsage(TokenCount.check("input", input), TokenCount.check("output", output));
    }

    /** Only the input is known. */
    public static TokenUsage input(long input) {
        return new TokenUsage(TokenCount.check("input", input), -1);
    }

    /** Only the output is known. */
    public static TokenUsage output(long output) {
        return new TokenUsage(-1, TokenCount.check("output", output));
    }

    /** Input tokens, or {@code orElse} where they are unknown. */
    public long inputOr(long orElse) {
        return input < 0 ? orElse : input;
    }

    /** Output tokens, or {@code orElse} where they are unknown. */
    public long outputOr(long orElse) {
        return output < 0 ? orElse : output;
    }

    /** Whether the input is known. */
    public boolean hasInput() {
        return input >= 0;
    }

    /** Whether the output is known. */
    public boolean hasOutput() {
        return output >= 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenUsage that && input == that.input && output == that.output;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(input) * 31 + Long.hashCode(output);
    }

    @Override
    public String toString() {
        return "TokenUsage[input=" + (input < 0 ? "unknown" : input) + ", output=" + (output < 0 ? "unknown" : output)
                + "]";
    }
}
