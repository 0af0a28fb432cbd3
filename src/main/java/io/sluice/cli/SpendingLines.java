package io.sluice.cli;

import io.sluice.budget.BudgetExceededException;
import io.sluice.budget.BudgetSnapshot;
import io.sluice.model.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a batch says about its budget. */
final class SpendingLines {

    private SpendingLines() {}

    /** {@code budget: $0.0123 of $0.02 spent, 1,234 of 5,000 tokens}. */
    static String spent(BudgetSnapshot budget) {
        List<String> parts = new ArrayList<>();
        Money money = budget.limits().money();
        if (money != null) {
            parts.add(budget.spent().money() + " of " + money);
        }
        Long tokens = budget.limits().tokens();
        if (tokens != null) {
            parts.add(String.format(
                    Locale.ROOT, "%,d of %,d tokens", budget.spent().tokens(), tokens));
        }
        return "budget: " + String.join(" and ", parts) + " spent";
    }

    /**
     * @param left how many lines have no result; null where nobody knows
     */
    static String left(BudgetExceededException refusal, @Nullable Long left) {
        return "the budget is used up: " + (left == null ? "some lines are" : counted(left))
                + " left to do. The next one"
                + " may cost " + amount(refusal, refusal.asked()) + ", and "
                + amount(refusal, Math.max(0, refusal.free()))
                + " is free; go on with --resume and another budget";
    }

    private static String counted(long left) {
        return left == 1 ? "1 line is" : String.format(Locale.ROOT, "%,d lines are", left);
    }

    private static String amount(BudgetExceededException refusal, long value) {
        return switch (refusal.dimension()) {
            case MONEY -> new Money(value).toString();
            case TOKENS -> String.format(Locale.ROOT, "%,d tokens", value);
            case CALLS, WALL_TIME -> String.valueOf(value);
        };
    }
}
