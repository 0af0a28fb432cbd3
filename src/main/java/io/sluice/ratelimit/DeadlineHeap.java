package io.sluice.ratelimit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Deadlines, earliest first; any of them leaves in logarithmic time, by the place that its waiter remembers. */
final class DeadlineHeap {

    private @Nullable Waiter[] heap = new @Nullable Waiter[16];
    private int size;

    /** The earliest deadline; the largest long where there is none. */
    long earliest() {
        return size == 0 ? Long.MAX_VALUE : at(0).deadline;
    }

    Waiter first() {
        return at(0);
    }

    boolean isEmpty() {
        return size == 0;
    }

    void add(Waiter waiter) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size + (size >> 1));
        }
        rise(waiter, size++);
    }

    void remove(Waiter waiter) {
        int index = waiter.heapIndex;
        waiter.heapIndex = -1;
        Waiter moved = at(--size);
        heap[size] = null;
        if (moved == waiter) {
            return;
        }
        if (index > 0 && moved.deadline < at((index - 1) >>> 1).deadline) {
            rise(moved, index);
        } else {
            sink(moved, index);
        }
    }

    private void rise(Waiter waiter, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            Waiter above = at(parent);
            if (above.deadline <= waiter.deadline) {
                break;
            }
            put(above, index);
            index = parent;
        }
        put(waiter, index);
    }

    private void sink(Waiter waiter, int from) {
        int index = from;
        for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && at(child + 1).deadline < at(child).deadline) {
                child++;
            }
            Waiter below = at(child);
            if (waiter.deadline <= below.deadline) {
                break;
            }
            put(below, index);
            index = child;
        }
        put(waiter, index);
    }

    private void put(Waiter waiter, int index) {
        heap[index] = waiter;
        waiter.heapIndex = index;
    }

    private Waiter at(int index) {
        Waiter waiter = heap[index];
        if (waiter == null) {
            throw new IllegalStateException("no waiter at " + index);
        }
        return waiter;
    }
}
