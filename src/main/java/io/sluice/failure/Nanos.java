package io.sluice.failure;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;

/**
 * Durations as the readers of this package hand them to each other: nanoseconds, rounded up and never negative, the
 * largest long for whatever is longer, {@link #NONE} for none. Rounded up, because a wait that is cut short is refused.
 */
final class Nanos {

    /** No duration was said, or none that can be believed. */
    static final long NONE = -1;

    static final long MICRO = 1_000;
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000_000_000;
    static final long MINUTE = 60 * SECOND;
    static final long HOUR = 60 * MINUTE;
    static final long DAY = 24 * HOUR;

    private static final int LONGEST_NUMBER = 40;
    private static final int DIGITS_OF_A_LONG = 19;

    private Nanos() {}

    /**
     * A decimal number of a unit, without a sign, with an optional fraction and exponent: {@code 20}, {@code 1.5},
     * {@code 1e3}. Anything else, words such as {@code nan} included, is {@link #NONE}.
     */
    static long of(String number, long unit) {
        if (!isNumber(number)) {
            return NONE;
        }
        BigDecimal nanos = new BigDecimal(number).multiply(BigDecimal.valueOf(unit));
        int digits = nanos.precision() - nanos.scale();
        if (nanos.signum() == 0) {
            return 0;
        }
        if (digits >= DIGITS_OF_A_LONG) {
            return Long.MAX_VALUE;
        }
        return digits < 0 ? 1 : nanos.setScale(0, RoundingMode.CEILING).longValueExact();
    }

    /** From one instant to another; {@link #NONE} where the second comes before the first. */
    static long between(Instant from, Instant to) {
        if (to.isBefore(from)) {
            return NONE;
        }
        long seconds = to.getEpochSecond() - from.getEpochSecond();
        return seconds >= Long.MAX_VALUE / SECOND ? Long.MAX_VALUE : seconds * SECOND + to.getNano() - from.getNano();
    }

    /** The duration in nanoseconds; one that does not fit is the nearest that does. */
    static long of(Duration duration) {
        long most = Long.MAX_VALUE / SECOND - 1;
        if (duration.toSeconds() > most) {
            return Long.MAX_VALUE;
        }
        return duration.toSeconds() < -most ? -Long.MAX_VALUE : duration.toNanos();
    }

    /** The sum of two durations that are there. */
    static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static boolean isNumber(String text) {
        int length = text.length();
        if (length > LONGEST_NUMBER) {
            return false;
        }
        int whole = Scan.digitsEnd(text, 0);
        int at = whole;
        int digits = whole;
        if (at < length && text.charAt(at) == '.') {
            int fraction = Scan.digitsEnd(text, at + 1);
            digits += fraction - at - 1;
            at = fraction;
        }
        if (digits == 0) {
            return false;
        }
        return at == length || ((text.charAt(at) | 0x20) == 'e' && isExponent(text, at + 1));
    }

    private static boolean isExponent(String text, int from) {
        int at = from;
        if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
            at++;
        }
        int end = Scan.digitsEnd(text, at);
        return end > at && end - at <= 4 && end == text.length();
    }
}
