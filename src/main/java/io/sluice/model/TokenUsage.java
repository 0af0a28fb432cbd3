package io.sluice.model;

/**
 * What a call really used, as the provider reported it. A side that was not reported is unknown, which is not zero: it
 * keeps its estimate wherever usage is settled.
 *
 * <p>Some of the input may have come from a cache or have been put into one, and some of the output may have been thought
 * and not said. Prices and limits can differ for these parts; they are contained in their side, and 0 where nobody
 * reported them.
 */
public final class TokenUsage {

    /** Nothing is known. */
    public static final TokenUsage UNKNOWN = new TokenUsage(-1, -1, 0, 0, 0, 0);

    private final long input;
    private final long output;
    private final long cacheRead;
    private final long cacheWritten;
    private final long cacheWrittenForAnHour;
    private final long reasoning;

    private TokenUsage(
            long input, long output, long cacheRead, long cacheWritten, long cacheWrittenForAnHour, long reasoning) {
        this.input = input;
        this.output = output;
        this.cacheRead = cacheRead;
        this.cacheWritten = cacheWritten;
        this.cacheWrittenForAnHour = cacheWrittenForAnHour;
        this.reasoning = reasoning;
    }

    /**
     * Both sides are known.
     *
     * @throws IllegalArgumentException if a number is negative or above 2^40
     */
    public static TokenUsage of(long input, long output) {
        return new TokenUsage(TokenCount.check("input", input), TokenCount.check("output", output), 0, 0, 0, 0);
    }

    /** Only the input is known. */
    public static TokenUsage input(long input) {
        return new TokenUsage(TokenCount.check("input", input), -1, 0, 0, 0, 0);
    }

    /** Only the output is known. */
    public static TokenUsage output(long output) {
        return new TokenUsage(-1, TokenCount.check("output", output), 0, 0, 0, 0);
    }

    /**
     * The same usage, of whose input these parts had to do with a cache.
     *
     * @param read how much came from it
     * @param written how much was put into it
     * @throws IllegalArgumentException if a number is negative, or both together are more than the input that is known
     */
    public TokenUsage withCache(long read, long written) {
        long both = TokenCount.check("read", read) + TokenCount.check("written", written);
        if (both > Math.max(input, 0)) {
            throw new IllegalArgumentException("the cache has part in " + both + " tokens of an input of "
                    + (input < 0 ? "unknown size" : input) + "; it is contained in the input");
        }
        return new TokenUsage(input, output, read, written, 0, reasoning);
    }

    /**
     * The same usage, of which this part of what was put into a cache stays there for an hour, where a provider asks more
     * for that than for its usual time.
     *
     * @throws IllegalArgumentException if it is negative, or more than was put into the cache
     */
    public TokenUsage withCacheForAnHour(long written) {
        if (TokenCount.check("written", written) > cacheWritten) {
            throw new IllegalArgumentException(written + " tokens were put into the cache for an hour, of "
                    + cacheWritten + " that were put there; it is contained in them");
        }
        return new TokenUsage(input, output, cacheRead, cacheWritten, written, reasoning);
    }

    /**
     * The same usage, of whose output this part was thought and not said.
     *
     * @throws IllegalArgumentException if it is negative, or more than the output that is known
     */
    public TokenUsage withReasoning(long reasoning) {
        if (TokenCount.check("reasoning", reasoning) > Math.max(output, 0)) {
            throw new IllegalArgumentException("reasoning has " + reasoning + " tokens of an output of "
                    + (output < 0 ? "unknown size" : output) + "; it is contained in the output");
        }
        return new TokenUsage(input, output, cacheRead, cacheWritten, cacheWrittenForAnHour, reasoning);
    }

    /**
     * The same usage, with these numbers in the place of what is unknown.
     *
     * @throws IllegalArgumentException if a number that is needed is negative or above 2^40
     */
    public TokenUsage orElse(long input, long output) {
        return new TokenUsage(
                hasInput() ? this.input : TokenCount.check("input", input),
                hasOutput() ? this.output : TokenCount.check("output", output),
                cacheRead,
                cacheWritten,
                cacheWrittenForAnHour,
                reasoning);
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

    /** How much of the input came from a cache; 0 where that was not reported. */
    public long cacheRead() {
        return cacheRead;
    }

    /** How much of the input was put into a cache; 0 where that was not reported. */
    public long cacheWritten() {
        return cacheWritten;
    }

    /** How much of what was put into a cache stays there for an hour; 0 where that was not reported. */
    public long cacheWrittenForAnHour() {
        return cacheWrittenForAnHour;
    }

    /** How much of the output was thought and not said; 0 where that was not reported. */
    public long reasoning() {
        return reasoning;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenUsage that
                && input == that.input
                && output == that.output
                && cacheRead == that.cacheRead
                && cacheWritten == that.cacheWritten
                && cacheWrittenForAnHour == that.cacheWrittenForAnHour
                && reasoning == that.reasoning;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(input) * 31 + Long.hashCode(output);
    }

    @Override
    public String toString() {
        return "TokenUsage[input=" + (input < 0 ? "unknown" : input) + ", output=" + (output < 0 ? "unknown" : output)
                + part("cacheRead", cacheRead) + part("cacheWritten", cacheWritten)
                + part("cacheWrittenForAnHour", cacheWrittenForAnHour) + part("reasoning", reasoning)
                + "]";
    }

    private static String part(String name, long tokens) {
        return tokens == 0 ? "" : ", " + name + "=" + tokens;
    }
}
