/**
 * Budgets: what a tree of agents may spend in tokens, money, calls and time. What a call may cost is reserved in every budget
 * up to the root before it is sent, and what it did cost takes the place of that when it is over.
 * {@link io.sluice.budget.Budget} is the door.
 *
 * <p>Inside, from the bottom up: {@code Allowance} (one limit of one budget), {@code Account} (one budget and those around it:
 * the only place that decides, given the time), {@code BudgetTree} (one thread at a time, and the events), {@code
 * LiveReservation} (one call's share), the operators in front.
 */
@NullMarked
package io.sluice.budget;

import org.jspecify.annotations.NullMarked;
