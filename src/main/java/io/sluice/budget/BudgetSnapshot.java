package io.sluice.budget;

import io.sluice.model.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a budget and those under it stand, all at one moment. Immutable.
 *
 * @param path where it stands in its tree, such as {@code run/researcher}
 * @param limits its own limits; those around it hold as well
 * @param spent what calls have cost, here and below, also in budgets that were disposed of; in the present window, if it
 *     has one
 * @param reserved what calls in flight may cost, here and below
 * @param raised how much more there is than the limits say, because it was topped up; for the present window
 * @param overdraft how much more was spent than the limits allow: by so much estimates were too low
 * @param elapsed how long ago it was made
 * @param freesAt when something becomes free by itself: the end of a window of the calendar, or when the oldest of what was
 *     spent in a rolling one is forgotten; null where that is never
 * @param openReservations how many calls are in flight, here and below
 * @param waiting how many calls wait for something of it
 * @param closed whether it was disposed of
 * @param children the budgets under it that were not disposed of, in the order in which they were made
 */
public record BudgetSnapshot(
        String path,
        BudgetLimits limits,
        BudgetAmount spent,
        BudgetAmount reserved,
        BudgetAmount raised,
        BudgetAmount overdraft,
        Duration elapsed,
        @Nullable Instant freesAt,
        int openReservations,
        int waiting,
        boolean closed,
        List<BudgetSnapshot> children) {

    public BudgetSnapshot {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(limits, "limits");
        children = List.copyOf(children);
    }

    /** Tokens that are neither spent nor reserved here, at least 0; null where this budget does not limit them. */
    public @Nullable Long freeTokens() {
        return free(limits.tokens(), raised.tokens(), spent.tokens(), reserved.tokens());
    }

    /** Money that is neither spent nor reserved here; null where this budget does not limit it. */
    public @Nullable Money freeMoney() {
        Money limit = limits.money();
        Long free = free(
                limit == null ? null : limit.nanos(),
                raised.money().nanos(),
                spent.money().nanos(),
                reserved.money().nanos());
        return free == null ? null : new Money(free);
    }

    /** Calls that are neither spent nor reserved here, at least 0; null where this budget does not limit them. */
    public @Nullable Long freeCalls() {
        return free(limits.calls(), raised.calls(), spent.calls(), reserved.calls());
    }

    private static @Nullable Long free(@Nullable Long limit, long raised, long spent, long reserved) {
        if (limit == null) {
            return null;
        }
        long all = raised > Long.MAX_VALUE - limit ? Long.MAX_VALUE : limit + raised;
        return Math.max(0, all - (spent + reserved));
    }
}
