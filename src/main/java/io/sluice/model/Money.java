package io.sluice.model;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * An amount of US dollars, exact to the nano-dollar (10^-9): a token of the cheapest models costs some ten of them. Never
 * negative; at most $9,223,372,036.854775807, and what would be more is refused, not wrapped.
 *
 * @param nanos the amount in nano-dollars, 0 to 2^63 - 1
 */
public record Money(long nanos) implements Comparable<Money> {

    /** Nothing. */
    public static final Money ZERO = new Money(0);

    private static final int SCALE = 9;

    /** The places before the point of the largest amount. */
    private static final int MOST_PLACES = 10;

    private static final Pattern AMOUNT = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?");

    /**
     * @throws IllegalArgumentException if it is negative
     */
    public Money {
        if (nanos < 0) {
            throw new IllegalArgumentException("money must not be negative, was " + nanos + " nano-dollars");
        }
    }

    /**
     * Reads dollars, such as {@code 5}, {@code 5.00} or {@code 0.000000075}: digits, and at most nine of them behind a
     * point. No sign, no currency, no exponent, no white space.
     *
     * @throws IllegalArgumentException if it is written otherwise, or is more than can be held
     */
    public static Money usd(String text) {
        Objects.requireNonNull(text, "text");
        if (!AMOUNT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "an amount of dollars is written like 5.00, with at most 10 digits before"
                            + " the point and 9 behind it, was \"" + text + "\"");
        }
        return exactly(new BigDecimal(text));
    }

    /**
     * An amount of dollars that is exact to the nano-dollar.
     *
     * @throws IllegalArgumentException if it is finer than that, negative, or more than can be held
     */
    public static Money exactly(BigDecimal dollars) {
        try {
            return rounded(dollars, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException finer) {
            throw new IllegalArgumentException("money is exact to the nano-dollar, was " + dollars, finer);
        }
    }

    /**
     * The smallest amount that is not less: for what is set aside.
     *
     * @throws IllegalArgumentException if it is negative, or more than can be held
     */
    public static Money roundedUp(BigDecimal dollars) {
        return rounded(dollars, RoundingMode.CEILING);
    }

    /**
     * The nearest amount, of two the even one: for what is spent, so that the errors of many cancel out.
     *
     * @throws IllegalArgumentException if it is negative, or more than can be held
     */
    public static Money roundedHalfEven(BigDecimal dollars) {
        return rounded(dollars, RoundingMode.HALF_EVEN);
    }

    private static Money rounded(BigDecimal dollars, RoundingMode mode) {
        if (dollars.signum() < 0) {
            throw new IllegalArgumentException("money must not be negative, was " + dollars);
        }
        // Before it is scaled: 1e999999999 would be written out first.
        if ((long) dollars.precision() - dollars.scale() > MOST_PLACES) {
            throw tooMuch();
        }
        try {
            return new Money(dollars.setScale(SCALE, mode).unscaledValue().longValueExact());
        } catch (ArithmeticException problem) {
            if (mode == RoundingMode.UNNECESSARY && dollars.stripTrailingZeros().scale() > SCALE) {
                throw problem;
            }
            throw tooMuch();
        }
    }

    /**
     * Both together.
     *
     * @throws IllegalArgumentException if that is more than can be held
     */
    public Money plus(Money other) {
        if (nanos > Long.MAX_VALUE - other.nanos) {
            throw tooMuch();
        }
        return new Money(nanos + other.nanos);
    }

    /** In dollars, exactly. */
    public BigDecimal toBigDecimal() {
        return BigDecimal.valueOf(nanos, SCALE);
    }

    private static IllegalArgumentException tooMuch() {
        return new IllegalArgumentException(
                "an amount of money must not be more than " + BigDecimal.valueOf(Long.MAX_VALUE, SCALE) + " dollars");
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(nanos, other.nanos);
    }

    /** Dollars with at least two places, such as {@code $5.00} and {@code $0.000000075}. */
    @Override
    public String toString() {
        BigDecimal exact = toBigDecimal().stripTrailingZeros();
        return "$" + (exact.scale() < 2 ? exact.setScale(2, RoundingMode.UNNECESSARY) : exact).toPlainString();
    }
}
