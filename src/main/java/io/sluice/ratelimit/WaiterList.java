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
