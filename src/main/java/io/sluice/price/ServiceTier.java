package io.sluice.price;

import java.util.Locale;

/** How a provider is asked to serve a call, where it has different prices for that. */
public enum ServiceTier {
    /** At once, at the usual price. */
    STANDARD,
    /** Some time within a day, in a batch of the provider. */
    BATCH,
    /** When there is room. */
    FLEX,
    /** Faster than others. */
    FAST;

    /** The name in files and messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
