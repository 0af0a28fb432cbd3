package io.sluice.budget;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What calls cost. Must be thread-safe and must not block; it is asked before a call for the estimate, and after it for what
 * was used. For more tokens of the same model it must not give less.
 */
@FunctionalInterface
public interface CallPrice {

    /** Knows no price. */
    CallPrice UNKNOWN = (model, usage) -> null;

    /**
     * The exact price in dollars, not rounded; a budget rounds what it reserves up to the nano-dollar, and what was spent to
     * the nearest.
     *
     * @param model the model
     * @param usage the tokens; both sides are known
     * @return the price, not negative; null where the model has none that is known
     */
    @Nullable
    BigDecimal usd(ModelKey model, TokenUsage usage);
}
