package io.sluice.call;

/**
 * A budget as the Reactor Context carries it, put there with {@link Sluice#budget(BudgetRef)}. Code in between need not
 * know what a budget is; who does finds it again. Implemented by the budgets of this library and by nobody else.
 */
public interface BudgetRef {

    /** Where the budget stands in its tree, such as {@code run/researcher}; for logs and messages. */
    String path();
}
