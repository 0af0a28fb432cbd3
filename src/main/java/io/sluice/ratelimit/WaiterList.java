package io.sluice.ratelimit;

import org.jspecify.annotations.Nullable;

/** The queue itself: first in, first out, and out of the middle in constant time. The links are the waiters' own. */
final class WaiterList {

    private @Nullable Waiter head;
    private @Nullable Waiter tail;
    private int size;
    private long tokens;

    @Nullable
    Waiter head() {
        return head;
    }

    boolean isEmpty() {
        return head == null;
    }

    int size() {
        return size;
    }

    /** The estimated tokens of all that wait. */
    long tokens() {
        return tokens;
    }

    void add(Waiter waiter) {
        Waiter last = tail;
        waiter.prev = last;
        if (last == null) {
            head = waiter;
        } else {
            last.next = waiter;
        }
        tail = waiter;
        size++;
        tokens += waiter.estimate().total();
    }

    /** Keeps the list in the order of places. Who comes usually belongs at the end. */
    void addByPlace(Waiter waiter) {
        Waiter before = tail;
        while (before != null && before.returningPlace() > waiter.returningPlace()) {
            before = before.prev;
        }
        Waiter after = before == null ? head : before.next;
        if (after == null) {
            add(waiter);
            return;
        }
        waiter.prev = before;
        waiter.next = after;
        after.prev = waiter;
        if (before == null) {
            head = waiter;
        } else {
            before.next = waiter;
        }
        size++;
        tokens += waiter.estimate().total();
    }

    void remove(Waiter waiter) {
        Waiter before = waiter.prev;
        Waiter after = waiter.next;
        if (before == null) {
            head = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            tail = before;
        } else {
            after.prev = before;
        }
        waiter.prev = null;
        waiter.next = null;
        size--;
        tokens -= waiter.estimate().total();
    }
}
