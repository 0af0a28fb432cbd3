package io.sluice.budget;

import io.sluice.model.Money;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a budget is limited to; each limit that is null is left to the budgets around it. Immutable: each wither returns a new
 * one.
 *
 * <pre>{@code
 * budget.child("researcher", BudgetLimits.none().tokens(50_000).usd("0.50"))
 * }</pre>
 *
 * @param tokens input and output tokens together, 0 to 2^53
 * @param money dollars
 * @param calls calls, 0 to 2^53
 * @param wallTime how long after the budget was made calls are still admitted; greater than zero
 * @param children how many budgets may stand directly under it at a time, 0 or more
 * @param depth how many levels of budgets may stand under it, 0 or more
 * @param window the span of time that tokens, money and calls are limited for; null for as long as the budget lives
 */
public record BudgetLimits(
        @Nullable Long tokens,
        @Nullable Money money,
        @Nullable Long calls,
        @Nullable Duration wallTime,
        @Nullable Integer children,
        @Nullable Integer depth,
        @Nullable BudgetWindow window) {

    /** The largest limit: the largest integer that every JSON reader keeps. */
    private static final long MOST = 1L << 53;

    private static final BudgetLimits NONE = new BudgetLimits(null, null, null, null, null, null, null);

    /**
     * @throws IllegalArgumentException if a limit is out of its range
     */
    public BudgetLimits {
        check("tokens", tokens);
        check("calls", calls);
        if (wallTime != null && (wallTime.isNegative() || wallTime.isZero())) {
            throw new IllegalArgumentException("wallTime must be greater than zero, was " + wallTime);
        }
        checkCount("children", children);
        checkCount("depth", depth);
    }

    /** No limit at all. */
    public static BudgetLimits none() {
        return NONE;
    }

    /** So many tokens at most, input and output together. */
    public BudgetLimits tokens(long tokens) {
        return new BudgetLimits(tokens, money, calls, wallTime, children, depth, window);
    }

    /** So many dollars at most, written like {@code 5.00}; see {@link Money#usd}. */
    public BudgetLimits usd(String dollars) {
        return money(Money.usd(dollars));
    }

    /** So much money at most. */
    public BudgetLimits money(Money money) {
        return new BudgetLimits(
                tokens, Objects.requireNonNull(money, "money"), calls, wallTime, children, depth, window);
    }

    /** So many calls at most. */
    public BudgetLimits calls(long calls) {
        return new BudgetLimits(tokens, money, calls, wallTime, children, depth, window);
    }

    /** No further calls when so much time has passed since the budget was made. Calls that run are not cut off by it. */
    public BudgetLimits wallTime(Duration wallTime) {
        return new BudgetLimits(
                tokens, money, calls, Objects.requireNonNull(wallTime, "wallTime"), children, depth, window);
    }

    /** So many budgets directly under it at a time; those that were disposed of do not count. */
    public BudgetLimits children(int children) {
        return new BudgetLimits(tokens, money, calls, wallTime, children, depth, window);
    }

    /** So many levels of budgets under it; 0 forbids to delegate. */
    public BudgetLimits depth(int depth) {
        return new BudgetLimits(tokens, money, calls, wallTime, children, depth, window);
    }

    /** Tokens, money and calls are limited for each such window, and not for as long as the budget lives. */
    public BudgetLimits per(BudgetWindow window) {
        return new BudgetLimits(
                tokens, money, calls, wallTime, children, depth, Objects.requireNonNull(window, "window"));
    }

    private static void check(String name, @Nullable Long limit) {
        if (limit != null && (limit < 0 || limit > MOST)) {
            throw new IllegalArgumentException(name + " must be between 0 and " + MOST + ", was " + limit);
        }
    }

    private static void checkCount(String name, @Nullable Integer limit) {
        if (limit != null && limit < 0) {
            throw new IllegalArgumentException(name + " must not be negative, was " + limit);
        }
    }
}
