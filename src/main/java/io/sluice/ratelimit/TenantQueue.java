package io.sluice.ratelimit;

import io.sluice.call.Priority;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one tenant that wait and never had a permit. A class of priority is worth a span of time: the next is who
 * would have come first, if those of each class had come so much later for each class above theirs. Within a class, first
 * in, first out.
 */
final class TenantQueue {

    final String name;
    final double weight;

    private final long aging;
    private final WaiterList high = new WaiterList();
    private final WaiterList normal = new WaiterList();
    private final WaiterList low = new WaiterList();

    // Owned by the turns of all tenants.

    /** How much this tenant has been given for its weight, by their clock: who has the least goes next. */
    double given;

    /** Of two with equal shares, who has had it for longer goes first. */
    long turn;

    /** Whether what it was given is remembered: it waits, or is ahead of the clock. */
    boolean isKnown;

    TenantQueue(String name, double weight, long aging) {
        this.name = name;
        this.weight = weight;
        this.aging = aging;
    }

    void add(Waiter waiter) {
        of(waiter.priority()).add(waiter);
    }

    void remove(Waiter waiter) {
        of(waiter.priority()).remove(waiter);
    }

    private WaiterList of(Priority priority) {
        return switch (priority) {
            case HIGH -> high;
            case NORMAL -> normal;
            case LOW -> low;
        };
    }

    @Nullable
    Waiter head() {
        // Where two are equal the lower class has waited for longer.
        return earlier(earlier(low.head(), normal.head()), high.head());
    }

    /** Whether nobody of this tenant who waits goes before a call that comes now. */
    boolean isFirst(Waiter coming) {
        Waiter head = head();
        return head == null || rank(coming) < rank(head);
    }

    private @Nullable Waiter earlier(@Nullable Waiter one, @Nullable Waiter other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return rank(other) < rank(one) ? other : one;
    }

    @SuppressWarnings("EnumOrdinal") // so many classes below the highest
    private long rank(Waiter waiter) {
        long classesBelowHigh = switch (waiter.priority()) {
            case HIGH -> 0;
            case NORMAL -> 1;
            case LOW -> 2;
        };
        return waiter.enqueuedAt + classesBelowHigh * aging;
    }

    boolean isEmpty() {
        return high.isEmpty() && normal.isEmpty() && low.isEmpty();
    }

    List<WaiterList> lists() {
        return List.of(high, normal, low);
    }

    /** How many go before a call that comes now, as long as those of lower classes have not aged. */
    long sizeBefore(Priority coming) {
        long before = high.size();
        before += coming == Priority.HIGH ? 0 : normal.size();
        return before + (coming == Priority.LOW ? low.size() : 0);
    }

    /** The estimated tokens of those. */
    long tokensBefore(Priority coming) {
        long before = high.tokens();
        before += coming == Priority.HIGH ? 0 : normal.tokens();
        return before + (coming == Priority.LOW ? low.tokens() : 0);
    }
}
