package io.sluice.budget;

/** What a budget can be limited in. */
public enum BudgetDimension {
    /** Input and output tokens together. */
    TOKENS,
    /** US dollars; as a number, nano-dollars. */
    MONEY,
    /** Calls. */
    CALLS,
    /** Time since the budget was made; as a number, nanoseconds. */
    WALL_TIME
}
