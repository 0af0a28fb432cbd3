package io.sluice.budget;

import io.sluice.model.Money;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a budget and those under it stand, all at one moment. Immutable.
 *
 * @param path where it stands in its tree, such as {@code run/researcher}
 * @param limits its own limits; those around it hold as well
 * @param spent what calls have cost, here and below, also in budgets that were disposed of
 * @param reserved what calls in flight may cost, here and below
 * @param overdraft how much more was spent than the limits allow: by so much estimates were too low
 * @param elapsed how long ago it was made
 * @param openReservations how many calls are in flight, here and below
 * @param closed whether it was disposed of
 * @param children the budgets under it that were not disposed of, in the order in which they were made
 */
public record BudgetSnapshot(
        String path,
        BudgetLimits limits,
        BudgetAmount spent,
        BudgetAmount reserved,
        BudgetAmount overdraft,
        Duration elapsed,
        int openReservations,
        boolean closed,
        List<BudgetSnapshot> children) {

    public BudgetSnapshot {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(limits, "limits");
        children = List.copyOf(children);
    }

    /** Tokens that are neither spent nor reserved here, at least 0; null where this budget does not limit them. */
    public @Nullable Long freeTokens() {
        return free(limits.tokens(), spent.tokens(), reserved.tokens());
    }

    /** Money that is neither spent nor reserved here; null where this budget does not limit it. */
    public @Nullable Money freeMoney() {
        Money limit = limits.money();
        Long free = free(
                limit == null ? null : limit.nanos(),
                spent.money().nanos(),
                reserved.money().nanos());
        return free == null ? null : new Money(free);
    }

    /** Calls that are neither spent nor reserved here, at least 0; null where this budget does not limit them. */
    public @Nullable Long freeCalls() {
        return free(limits.calls(), spent.calls(), reserved.calls());
    }

    private static @Nullable Long free(@Nullable Long limit, long spent, long reserved) {
        return limit == null ? null : Math.max(0, limit - (spent + reserved));
    }
}
