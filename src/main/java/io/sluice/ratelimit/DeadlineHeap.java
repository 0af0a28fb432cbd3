package io.sluice.ratelimit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is due at some time, earliest first; any entry leaves in logarithmic time, by the place that it remembers.
 *
 * @param <E> what is due
 */
final class DeadlineHeap<E extends DeadlineHeap.Entry> {

    /** The place of an entry that is in no heap. */
    static final int NOWHERE = -1;

    /** Something that is due at a time, which stays the same while it is in the heap. */
    interface Entry {

        long due();

        /** Its place in the heap, kept by the heap; negative while it is in none. */
        int place();

        void place(int index);
    }

    private @Nullable Entry[] heap = new @Nullable Entry[8];
    private int size;

    /** When the first is due; the largest long where there is none. */
    long earliest() {
        Entry first = heap[0];
        return first == null ? Long.MAX_VALUE : first.due();
    }

    E first() {
        return at(0);
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** All of them, in no order. */
    List<E> entries() {
        List<E> entries = new ArrayList<>(size);
        for (int index = 0; index < size; index++) {
            entries.add(at(index));
        }
        return entries;
    }

    void add(E entry) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size + (size >> 1));
        }
        rise(entry, size++);
    }

    void remove(E entry) {
        int index = entry.place();
        entry.place(NOWHERE);
        E moved = at(--size);
        heap[size] = null;
        if (moved == entry) {
            return;
        }
        if (index > 0 && moved.due() < at((index - 1) >>> 1).due()) {
            rise(moved, index);
        } else {
            sink(moved, index);
        }
    }

    private void rise(E entry, int from) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            E above = at(parent);
            if (above.due() <= entry.due()) {
                break;
            }
            put(above, index);
            index = parent;
        }
        put(entry, index);
    }

    private void sink(E entry, int from) {
        int index = from;
        for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && at(child + 1).due() < at(child).due()) {
                child++;
            }
            E below = at(child);
            if (entry.due() <= below.due()) {
                break;
            }
            put(below, index);
            index = child;
        }
        put(entry, index);
    }

    private void put(E entry, int index) {
        heap[index] = entry;
        entry.place(index);
    }

    @SuppressWarnings("unchecked") // add takes nothing else
    private E at(int index) {
        Entry entry = heap[index];
        if (entry == null) {
            throw new IllegalStateException("nothing at " + index);
        }
        return (E) entry;
    }
}
