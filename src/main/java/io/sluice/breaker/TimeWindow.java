package io.sluice.breaker;

/**
 * The results of the last so much time, kept in ten slices. A slice leaves as a whole, so that what is counted is between
 * nine tenths of the window and all of it.
 */
final class TimeWindow extends CallWindow {

    private static final int SLICES = 10;

    private final long sliceNanos;
    /** The number of the newest slice, counted from the beginning of time. */
    private final long newest;

    private final int[] calls;
    private final int[] failed;
    private final int[] slow;

    TimeWindow(long windowNanos) {
        this(Math.max(1, windowNanos / SLICES), Long.MIN_VALUE / 2, new int[SLICES], new int[SLICES], new int[SLICES]);
    }

    private TimeWindow(long sliceNanos, long newest, int[] calls, int[] failed, int[] slow) {
        this.sliceNanos = sliceNanos;
        this.newest = newest;
        this.calls = calls;
        this.failed = failed;
        this.slow = slow;
    }

    @Override
    CallWindow with(boolean nowFailed, boolean nowSlow, long now) {
        // A clock that went back is answered with the newest slice.
        long slice = Math.max(newest, Math.floorDiv(now, sliceNanos));
        int i = (int) Math.floorMod(slice, (long) SLICES);
        return new TimeWindow(
                sliceNanos,
                slice,
                added(calls, slice, i, true),
                added(failed, slice, i, nowFailed),
                added(slow, slice, i, nowSlow));
    }

    private int[] added(int[] counts, long slice, int i, boolean add) {
        int[] changed = moved(counts, slice);
        if (add) {
            changed = changed == counts ? counts.clone() : changed;
            changed[i]++;
        }
        return changed;
    }

    /** The counts without the slices that are too old once this one is the newest. */
    private int[] moved(int[] counts, long slice) {
        if (slice == newest) {
            return counts;
        }
        if (slice - newest >= SLICES) {
            return new int[SLICES];
        }
        int[] changed = counts.clone();
        for (long gone = newest + 1; gone <= slice; gone++) {
            changed[(int) Math.floorMod(gone, (long) SLICES)] = 0;
        }
        return changed;
    }

    @Override
    CallWindow at(long now) {
        long slice = Math.floorDiv(now, sliceNanos);
        if (slice <= newest) {
            return this;
        }
        return new TimeWindow(sliceNanos, slice, moved(calls, slice), moved(failed, slice), moved(slow, slice));
    }

    private static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }

    @Override
    int calls() {
        return sum(calls);
    }

    @Override
    int failed() {
        return sum(failed);
    }

    @Override
    int slow() {
        return sum(slow);
    }
}
