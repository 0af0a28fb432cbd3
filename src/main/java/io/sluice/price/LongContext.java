package io.sluice.price;

import java.util.Objects;

/**
 * Other rates for a call with a large input; they hold for the whole of it.
 *
 * @param above the call has more input tokens than this, those from a cache included
 * @param rates what its tokens cost then
 */
public record LongContext(long above, TokenRates rates) {

    /**
     * @throws IllegalArgumentException if the bound is not positive
     */
    public LongContext {
        Objects.requireNonNull(rates, "rates");
        if (above <= 0) {
            throw new IllegalArgumentException("above must be at least 1 token, was " + above);
        }
    }
}
