package io.sluice.budget;

/**
 * What was spent in the last so many milliseconds. Exact while there are few entries; beyond 1,024, one joins the newest where
 * that began less than a 1,024th of the window ago, and then counts for as long as the last of them: so the sum is never too
 * low, and there are never more than some 2,048.
 *
 * <p>Plain arithmetic that is given the time, in milliseconds of the epoch, for the one thread that may touch its tree.
 */
final class RollingSum {

    private static final int EXACT = 1_024;

    private final long window;

    // A ring: entries from head on.
    private long[] firsts = new long[8];
    private long[] lasts = new long[8];
    private long[] amounts = new long[8];
    private int head;
    private int size;
    private long sum;

    RollingSum(long window) {
        this.window = window;
    }

    long sum() {
        return sum;
    }

    int size() {
        return size;
    }

    /** When the entry was made that is so many entries younger than the oldest: its last part. */
    long at(int index) {
        return lasts[slot(index)];
    }

    long amount(int index) {
        return amounts[slot(index)];
    }

    /** Forgets what is as old as the window is long. What a clock that was put back had still to come is as of now. */
    void age(long now) {
        for (int i = size - 1; i >= 0 && lasts[slot(i)] > now; i--) {
            lasts[slot(i)] = now;
            firsts[slot(i)] = Math.min(firsts[slot(i)], now);
        }
        while (size > 0 && now - lasts[head] >= window) {
            sum -= amounts[head];
            head = (head + 1) & (firsts.length - 1);
            size--;
        }
    }

    /** Counts an amount; the sum must stay within a long. */
    void add(long amount, long now) {
        if (amount == 0) {
            return;
        }
        sum += amount;
        int newest = slot(size - 1);
        long at = size == 0 ? now : Math.max(now, lasts[newest]);
        if (size > 0 && (at == firsts[newest] || (size >= EXACT && at - firsts[newest] < window / EXACT))) {
            lasts[newest] = at;
            amounts[newest] += amount;
            return;
        }
        if (size == firsts.length) {
            grow();
        }
        int slot = slot(size++);
        firsts[slot] = at;
        lasts[slot] = at;
        amounts[slot] = amount;
    }

    /** Takes back what was counted then, as far as it still counts. */
    void refund(long amount, long then) {
        for (int i = size - 1; i >= 0; i--) {
            int slot = slot(i);
            if (firsts[slot] <= then) {
                if (then <= lasts[slot]) {
                    long back = Math.min(amount, amounts[slot]);
                    amounts[slot] -= back;
                    sum -= back;
                }
                return;
            }
        }
    }

    /** When at most so much of what counts now will count; the present where it is so already. */
    long atMost(long amount, long now) {
        long left = sum;
        for (int i = 0; left > amount && i < size; i++) {
            left -= amounts[slot(i)];
            if (left <= amount) {
                return lasts[slot(i)] + window;
            }
        }
        return now;
    }

    private int slot(int index) {
        return (head + index) & (firsts.length - 1);
    }

    private void grow() {
        firsts = grown(firsts);
        lasts = grown(lasts);
        amounts = grown(amounts);
        head = 0;
    }

    private long[] grown(long[] ring) {
        long[] larger = new long[ring.length * 2];
        System.arraycopy(ring, head, larger, 0, ring.length - head);
        System.arraycopy(ring, 0, larger, ring.length - head, head);
        return larger;
    }
}
