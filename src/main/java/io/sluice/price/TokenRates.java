package io.sluice.price;

import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.util.Objects;

/**
 * What tokens cost, in dollars per million, exactly.
 *
 * @param input input that has nothing to do with a cache
 * @param cacheRead input that came from a cache
 * @param cacheWrite input that was put into a cache for its usual time (five minutes at Anthropic)
 * @param cacheWriteHour input that was put into a cache for an hour
 * @param output output that was said
 * @param reasoning output that was thought and not said
 */
public record TokenRates(
        BigDecimal input,
        BigDecimal cacheRead,
        BigDecimal cacheWrite,
        BigDecimal cacheWriteHour,
        BigDecimal output,
        BigDecimal reasoning) {

    /** The highest rate, so that no call can cost more than {@link io.sluice.model.Money} holds. */
    static final BigDecimal MAX = BigDecimal.valueOf(1_000);

    /** No price list is finer; it keeps the arithmetic short. */
    static final int MAX_DECIMALS = 12;

    /**
     * @throws IllegalArgumentException if a rate is negative, above 1,000, or has more than 12 decimals
     */
    public TokenRates {
        check("input", input);
        check("cacheRead", cacheRead);
        check("cacheWrite", cacheWrite);
        check("cacheWriteHour", cacheWriteHour);
        check("output", output);
        check("reasoning", reasoning);
    }

    /** The rates of a provider without further ones: a cache changes nothing, and thinking costs what saying costs. */
    public static TokenRates of(BigDecimal input, BigDecimal output) {
        return new TokenRates(input, input, input, input, output, output);
    }

    private static void check(String name, BigDecimal rate) {
        Objects.requireNonNull(rate, name);
        if (rate.signum() < 0
                || rate.compareTo(MAX) > 0
                || rate.stripTrailingZeros().scale() > MAX_DECIMALS) {
            throw new IllegalArgumentException(name + " must be between 0 and " + MAX
                    + " dollars per million tokens, with at most " + MAX_DECIMALS + " decimals, was " + rate);
        }
    }

    /** Dollars, exactly; what is unknown of the usage counts as nothing. */
    BigDecimal usd(TokenUsage usage) {
        long read = usage.cacheRead();
        long hour = usage.cacheWrittenForAnHour();
        long written = usage.cacheWritten();
        return times(input, usage.inputOr(0) - read - written)
                .add(times(cacheRead, read))
                .add(times(cacheWrite, written - hour))
                .add(times(cacheWriteHour, hour))
                .add(times(output, usage.outputOr(0) - usage.reasoning()))
                .add(times(reasoning, usage.reasoning()))
                .movePointLeft(6);
    }

    private static BigDecimal times(BigDecimal rate, long tokens) {
        return rate.multiply(BigDecimal.valueOf(tokens));
    }

    boolean isNowhereLessThan(TokenRates other) {
        return input.compareTo(other.input) >= 0
                && cacheRead.compareTo(other.cacheRead) >= 0
                && cacheWrite.compareTo(other.cacheWrite) >= 0
                && cacheWriteHour.compareTo(other.cacheWriteHour) >= 0
                && output.compareTo(other.output) >= 0
                && reasoning.compareTo(other.reasoning) >= 0;
    }
}
