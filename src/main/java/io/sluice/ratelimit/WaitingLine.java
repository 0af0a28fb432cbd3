package io.sluice.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * All who wait for one key, in three lists: calls inside a call of the same key; then calls that had a permit before and
 * come back for another attempt, in the order of their first permits; then all others, first in, first out.
 *
 * <p>Belongs to the writer of the queue.
 */
final class WaitingLine {

    private final WaiterList nested = new WaiterList();
    private final WaiterList returning = new WaiterList();
    private final WaiterList fresh = new WaiterList();

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
            return returned == null || coming.place < returned.place;
        }
        return returned == null && fresh.isEmpty();
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

    /** The first of those who come back. */
    @Nullable
    Waiter returning() {
        return returning.head();
    }

    /** The first of those who never had a permit. */
    @Nullable
    Waiter fresh() {
        return fresh.head();
    }

    int size() {
        return nested.size() + returning.size() + fresh.size();
    }

    /** How many go before a call that comes now. */
    long sizeBefore(boolean goesFirst) {
        return goesFirst ? nested.size() + (long) returning.size() : size();
    }

    /** The estimated tokens of those who go before a call that comes now. */
    long tokensBefore(boolean goesFirst) {
        return nested.tokens() + returning.tokens() + (goesFirst ? 0 : fresh.tokens());
    }

    /** Since when the one has waited that waits longest; {@code now} where nobody waits. */
    long waitingSince(long now) {
        long since = now;
        for (Waiter waiter = returning.head(); waiter != null; waiter = waiter.next) {
            since = Math.min(since, waiter.enqueuedAt);
        }
        since = earlier(nested.head(), since);
        return earlier(fresh.head(), since);
    }

    private static long earlier(@Nullable Waiter waiter, long since) {
        return waiter == null ? since : Math.min(waiter.enqueuedAt, since);
    }
}
