package io.sluice.simulator;

import java.util.Arrays;

/**
 * A rolling window: what was charged at time t counts at every time in [t, t + length). Exact: each charge is kept with
 * its own time, as long as it counts.
 */
final class RollingGauge implements Gauge {

    private final long limit;
    private final long length;

    // The live charges, oldest first, in a ring of a power of two.
    private long[] times = new long[16];
    private long[] charges = new long[16];
    private int head;
    private int size;

    /** The number of the oldest live charge; numbers go up by one with each charge. */
    private long firstNumber;

    private long used;
    private long highest;

    RollingGauge(long limit, long lengthNanos) {
        this.limit = limit;
        this.length = lengthNanos;
    }

    @Override
    public long used(long now) {
        while (size > 0 && now - times[head] >= length) {
            used -= charges[head];
            head = slot(1);
            size--;
            firstNumber++;
        }
        return used;
    }

    @Override
    public long delay(long amount, long now) {
        long over = used(now) + amount - limit;
        if (over <= 0) {
            return 0;
        }
        int index = 0;
        while (charges[slot(index)] < over) {
            over -= charges[slot(index)];
            index++;
        }
        return freeAt(index) - now;
    }

    @Override
    public long charge(long amount, long now) {
        used(now);
        if (amount == 0) {
            return -1;
        }
        if (size == times.length) {
            times = grown(times);
            charges = grown(charges);
            head = 0;
        }
        times[slot(size)] = now;
        charges[slot(size)] = amount;
        size++;
        used += amount;
        highest = Math.max(highest, used);
        return firstNumber + size - 1;
    }

    @Override
    public void giveBack(long mark, long amount, long now) {
        long index = mark - firstNumber;
        if (index < 0 || index >= size) {
            return;
        }
        int at = slot(index);
        long back = Math.min(amount, charges[at]);
        charges[at] -= back;
        used -= back;
    }

    @Override
    public long reset(long now) {
        used(now);
        return size == 0 ? 0 : freeAt(size - 1) - now;
    }

    @Override
    public long highest() {
        return highest;
    }

    private long[] grown(long[] ring) {
        long[] larger = Arrays.copyOf(Arrays.copyOfRange(ring, head, ring.length), ring.length * 2);
        System.arraycopy(ring, 0, larger, ring.length - head, head);
        return larger;
    }

    /** When the charge at this place stops counting. */
    private long freeAt(long index) {
        return times[slot(index)] + length;
    }

    private int slot(long index) {
        return (int) ((head + index) & (times.length - 1));
    }
}
