package io.sluice.budget;

import java.time.Instant;

/**
 * One change of a tree of budgets, as a {@link BudgetStore} keeps it. The records of a tree, applied in their order to a {@link
 * BudgetState}, say how it stood. Budgets and reservations are named by numbers, because several budgets may have had one path;
 * the root is number 1.
 */
public sealed interface BudgetRecord {

    /** When it happened. */
    Instant at();

    /**
     * A budget was made, or made again with other limits.
     *
     * @param account its number, 1 or more
     * @param parent the number of the budget around it; 0 for the root
     * @param path such as {@code run/researcher}
     * @param at when it was first made
     */
    record Opened(long account, long parent, String path, BudgetLimits limits, Instant at) implements BudgetRecord {}

    /**
     * From here on a call holds so much of a budget and of those around it.
     *
     * @param hold the number of the reservation, 1 or more
     */
    record Held(long hold, long account, BudgetAmount amount, Instant at) implements BudgetRecord {}

    /**
     * A call has spent so much of a budget and of those around it.
     *
     * @param hold the number of its reservation, or 0 where it has none any more
     * @param ended whether that holds nothing any more
     */
    record Spent(long account, long hold, BudgetAmount amount, boolean ended, Instant at) implements BudgetRecord {}

    /** Of what was spent of a budget and of those around it at {@code then}, so much was not. */
    record Refunded(long account, BudgetAmount amount, Instant then, Instant at) implements BudgetRecord {}

    /** There is so much more of a budget. */
    record Raised(long account, BudgetAmount amount, Instant at) implements BudgetRecord {}

    /** So much was spent of a budget alone, and not of those around it: what earlier records amount to. */
    record Carried(long account, BudgetAmount amount, Instant at) implements BudgetRecord {}

    /** A budget and those under it were disposed of. */
    record Closed(long account, Instant at) implements BudgetRecord {}
}
