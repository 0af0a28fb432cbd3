package io.sluice.budget;

import reactor.core.publisher.Mono;

/** Asked for more when a budget is used up: a person who approves it, or a rule. Must be thread-safe and must not block. */
@FunctionalInterface
public interface TopUp {

    /**
     * Asks once for all calls that wait for the same budget, also for those that come while it is being decided. It is
     * subscribed to on the scheduler of the budget. Calls that leave meanwhile cancel nothing: the answer serves whoever comes
     * after them.
     *
     * @return by how much to raise the limits; until the end of the window, where the budget has one. Empty, or nothing:
     *     refused. An error is a refusal as well, and becomes the cause of the one that the calls get
     */
    Mono<BudgetAmount> more(Request request);

    /**
     * What is asked for.
     *
     * @param path the budget that is used up, such as {@code run/researcher}
     * @param charge the first call that does not fit; others may follow
     * @param reason in what it does not fit, and by how much
     * @param budget how that budget stands
     */
    record Request(String path, Charge charge, BudgetExceededException reason, BudgetSnapshot budget) {}
}
