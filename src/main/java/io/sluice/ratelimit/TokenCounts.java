package io.sluice.ratelimit;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.util.Objects;

/**
 * How many tokens of a limit a call counts. A weight of 1 counts each token once, 0 not at all; sums are rounded up.
 *
 * @param input the weight of input tokens, 0 to 100
 * @param cachedInput the weight of those of them that came from a cache, which is known when the call has ended; until
 *     then they count as input
 * @param output the weight of output tokens; 0 where they do not count
 * @param outputAs what of the output counts before the call has ended
 */
public record TokenCounts(double input, double cachedInput, double output, OutputAs outputAs) {

    /** What of a call's output counts against a limit before it is known. */
    public enum OutputAs {
        /**
         * The requested maximum, from the start: so do OpenAI, Azure and Bedrock (their guides, as of 2026-11). What a
         * call used takes its place as the refund policy says.
         */
        CAP,
        /**
         * What such calls usually answer with: the ninth decile of the last 64 answers of the model, or at first, for 16
         * answers, the requested maximum up to 1,024. Never more than the requested maximum. The charge stays open until
         * the call has ended, because the provider counts what is written, not what might be: so does Anthropic (its page
         * on rate limits, as of 2026-11).
         */
        EXPECTED,
        /** Nothing, then or later: Gemini limits the input only (its page on rate limits, as of 2026-11). */
        NOTHING
    }

    /** Input and the requested maximum of output, each token once. */
    public static final TokenCounts INPUT_AND_CAP = new TokenCounts(1, 1, 1, OutputAs.CAP);

    /** Input alone. */
    public static final TokenCounts INPUT = new TokenCounts(1, 1, 0, OutputAs.NOTHING);

    /** The requested maximum of output alone. */
    public static final TokenCounts OUTPUT_CAP = new TokenCounts(0, 0, 1, OutputAs.CAP);

    /** The output alone, as far as it is expected. */
    public static final TokenCounts EXPECTED_OUTPUT = new TokenCounts(0, 0, 1, OutputAs.EXPECTED);

    private static final double MAX_WEIGHT = 100;

    /**
     * @throws IllegalArgumentException if a weight is negative, above 100 or not a number, or output has a weight and
     *     counts as nothing
     */
    public TokenCounts {
        Objects.requireNonNull(outputAs, "outputAs");
        input = weight("input", input);
        cachedInput = weight("cachedInput", cachedInput);
        output = weight("output", output);
        if (outputAs == OutputAs.NOTHING && output != 0) {
            throw new IllegalArgumentException("output that counts as nothing has no weight, was " + output);
        }
    }

    private static double weight(String name, double weight) {
        if (!(weight >= 0 && weight <= MAX_WEIGHT)) {
            throw new IllegalArgumentException("the weight of " + name + " must be between 0 and 100, was " + weight);
        }
        // Not minus zero, which would not equal it.
        return weight + 0.0;
    }

    /** The same, with another weight of input that came from a cache. */
    public TokenCounts cachedInput(double weight) {
        return new TokenCounts(input, weight, output, outputAs);
    }

    /** The same, with another weight of output. */
    public TokenCounts output(double weight) {
        return new TokenCounts(input, cachedInput, weight, outputAs);
    }

    boolean isExpected() {
        return outputAs == OutputAs.EXPECTED;
    }

    /** What a provider charges before it has seen any output. */
    long atOnce(TokenEstimate estimate) {
        long prompt = weighed(input, estimate.input());
        return outputAs == OutputAs.CAP ? prompt + weighed(output, estimate.maxOutput()) : prompt;
    }

    /** What a call is charged when it is admitted. */
    long charged(TokenEstimate estimate, ExpectedOutput expected) {
        long atOnce = atOnce(estimate);
        return isExpected() ? atOnce + weighed(output, expected.of(estimate.maxOutput())) : atOnce;
    }

    /**
     * What a call counts that has ended. A side that is unknown keeps what was charged for it.
     *
     * @param charged what the call was charged when it was admitted
     */
    long used(TokenEstimate estimate, TokenUsage usage, long charged) {
        long prompt = weighed(input, estimate.input());
        long answer = usage.hasOutput() ? weighed(output, usage.outputOr(0)) : Math.max(0, charged - prompt);
        if (!usage.hasInput()) {
            return Math.min(prompt, charged) + answer;
        }
        return weighed(input, usage.inputOr(0) - usage.cacheRead()) + weighed(cachedInput, usage.cacheRead()) + answer;
    }

    private static long weighed(double weight, long tokens) {
        if (weight == 1) {
            return tokens;
        }
        return weight == 0 ? 0 : (long) Math.ceil(weight * (double) tokens);
    }
}
