package io.sluice.budget;

import org.jspecify.annotations.Nullable;

/** That a budget may only narrow what those around it allow. */
final class Narrowing {

    private Narrowing() {}

    /**
     * @throws IllegalArgumentException if a limit is wider than one of {@code parent} or of those around it
     */
    static void check(Account parent, String name, BudgetLimits asked) {
        for (Account account = parent; account != null; account = account.parent) {
            BudgetLimits around = account.limits;
            if (isComparable(asked.window(), around.window())) {
                check(name, account.path, "tokens", asked.tokens(), around.tokens());
                check(name, account.path, "money", asked.money(), around.money());
                check(name, account.path, "calls", asked.calls(), around.calls());
            }
            check(name, account.path, "wallTime", asked.wallTime(), around.wallTime());
        }
        check(name, parent.path, "children", asked.children(), parent.mostChildren);
        check(name, parent.path, "depth", asked.depth(), Math.max(0, parent.levelsBelow - 1));
    }

    /**
     * A limit for a longer time may be more than that for a shorter one, and narrows all the same: 100 dollars a month within
     * 10 dollars a day.
     */
    private static boolean isComparable(@Nullable BudgetWindow asked, @Nullable BudgetWindow around) {
        return around == null || (asked != null && asked.period().compareTo(around.period()) <= 0);
    }

    private static <C extends Comparable<C>> void check(
            String name, String path, String what, @Nullable C asked, @Nullable C limit) {
        if (asked != null && limit != null && asked.compareTo(limit) > 0) {
            throw new IllegalArgumentException("the budget " + name + " may not have " + what + "=" + asked + ": "
                    + path + " around it allows " + limit + ", and a child can only narrow");
        }
    }
}
