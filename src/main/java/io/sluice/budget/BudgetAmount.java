package io.sluice.budget;

import io.sluice.model.Money;
import java.util.Objects;

/**
 * So much of a budget.
 *
 * @param tokens input and output tokens together, not negative
 * @param money dollars
 * @param calls calls, not negative
 */
public record BudgetAmount(long tokens, Money money, long calls) {

    /** Nothing. */
    public static final BudgetAmount NONE = new BudgetAmount(0, Money.ZERO, 0);

    /**
     * @throws IllegalArgumentException if a number is negative
     */
    public BudgetAmount {
        Objects.requireNonNull(money, "money");
        if (tokens < 0 || calls < 0) {
            throw new IllegalArgumentException(
                    "an amount must not be negative, was " + tokens + " tokens and " + calls + " calls");
        }
    }

    /** So many tokens, nano-dollars and calls. */
    public static BudgetAmount of(long tokens, long money, long calls) {
        return new BudgetAmount(tokens, new Money(money), calls);
    }
}
