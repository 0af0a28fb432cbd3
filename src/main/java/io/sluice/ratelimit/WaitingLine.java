package io.sluice.ratelimit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All who wait for one key, in three lines: calls inside a call of the same key; then calls that had a permit before and
 * come back for another attempt, in the order of their first permits, whoever they are; then all others, by tenant,
 * priority and time.
 *
 * <p>Belongs to the writer of the queue.
 */
final class WaitingLine {

    private final WaiterList nested = new WaiterList();
    private final WaiterList returning = new WaiterList();
    private final FreshLine fresh;

    WaitingLine(QueueOrder order) {
        this.fresh = new FreshLine(order);
    }

    void add(Waiter waiter) {
        if (waiter.isNested()) {
            nested.add(waiter);
        } else if (waiter.isReturning()) {
            returning.addByPlace(waiter);
        } else {
            fresh.add(waiter);
        }
    }

    void remove(Waiter waiter) {
        if (waiter.isNested()) {
            nested.remove(waiter);
        } else if (waiter.isReturning()) {
            returning.remove(waiter);
        } else {
            fresh.remove(waiter);
        }
    }

    /** A call gets its permit, and is still in its line if it was in one. What it costs counts for its tenant. */
    void served(Waiter waiter, Grant grant, PermitLedger ledger) {
        fresh.served(waiter, grant, ledger, !waiter.isNested() && !waiter.isReturning());
    }

    /** Whether nobody who waits goes before a call that comes now. */
    boolean isFirst(Waiter coming) {
        if (!nested.isEmpty()) {
            return false;
        }
        if (coming.isNested()) {
            return true;
        }
        Waiter returned = returning.head();
        if (coming.isReturning()) {
            return returned == null || coming.returningPlace() < returned.returningPlace();
        }
        return returned == null && fresh.isFirst(coming);
    }

    /** The first of the calls that run inside another one. */
    @Nullable
    Waiter nested() {
        return nested.head();
    }

    /** The first of all others. */
    @Nullable
    Waiter head() {
        Waiter returned = returning.head();
        return returned != null ? returned : fresh.head();
    }

    int size() {
        return nested.size() + returning.size() + fresh.size();
    }

    /** About how many go before a call that comes now. */
    long sizeBefore(Ask coming) {
        long first = nested.size() + (long) returning.size();
        return goesFirst(coming) ? first : first + fresh.sizeBefore(coming.standing());
    }

    /** About how many estimated tokens those have that go before a call that comes now. */
    long tokensBefore(Ask coming) {
        long first = nested.tokens() + returning.tokens();
        return goesFirst(coming) ? first : first + fresh.tokensBefore(coming.standing());
    }

    private static boolean goesFirst(Ask coming) {
        return coming instanceof Waiter waiter && (waiter.isNested() || waiter.isReturning());
    }

    /** Since when the one has waited that waits longest; {@code now} where nobody waits. */
    long waitingSince(long now) {
        long since = now;
        for (Waiter waiter = returning.head(); waiter != null; waiter = waiter.next) {
            since = Math.min(since, waiter.enqueuedAt);
        }
        since = earlier(nested.head(), since);
        for (WaiterList list : fresh.lists()) {
            since = earlier(list.head(), since);
        }
        return since;
    }

    private static long earlier(@Nullable Waiter waiter, long since) {
        return waiter == null ? since : Math.min(waiter.enqueuedAt, since);
    }

    /** All who wait, not in the order of their turns. */
    List<Waiter> all() {
        List<WaiterList> lists = new ArrayList<>(List.of(nested, returning));
        lists.addAll(fresh.lists());
        List<Waiter> all = new ArrayList<>(size());
        for (WaiterList list : lists) {
            for (Waiter waiter = list.head(); waiter != null; waiter = waiter.next) {
                all.add(waiter);
            }
        }
        return all;
    }
}
