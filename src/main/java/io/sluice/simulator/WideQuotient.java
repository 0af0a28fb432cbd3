package io.sluice.simulator;

import java.math.BigInteger;

/**
 * A product divided without rounding or overflow.
 *
 * @param whole the quotient, rounded down, at most the largest long
 * @param rest the remainder
 */
record WideQuotient(long whole, long rest) {

    /** {@code (a * b + c) / divisor}, which is not negative. */
    static WideQuotient of(long a, long b, long c, long divisor) {
        long low = a * b;
        long sum = low + c;
        boolean fits = Math.multiplyHigh(a, b) == 0 && low >= 0 && sum >= 0;
        if (fits) {
            return new WideQuotient(sum / divisor, sum % divisor);
        }
        BigInteger[] parts = BigInteger.valueOf(a)
                .multiply(BigInteger.valueOf(b))
                .add(BigInteger.valueOf(c))
                .divideAndRemainder(BigInteger.valueOf(divisor));
        boolean large = parts[0].bitLength() > 63;
        return new WideQuotient(large ? Long.MAX_VALUE - 1 : parts[0].longValue(), parts[1].longValue());
    }
}
