package io.sluice.breaker;

/** The results of the last so many calls, a bit each. Bits that stay the same are shared with the window before. */
final class CountWindow extends CallWindow {

    private final int size;
    private final long[] failedBits;
    private final long[] slowBits;
    /** Where the next result goes, over the oldest one when all places are taken. */
    private final int next;

    private final int calls;
    private final int failed;
    private final int slow;

    CountWindow(int size) {
        this(size, new long[(size + 63) / 64], new long[(size + 63) / 64], 0, 0, 0, 0);
    }

    private CountWindow(int size, long[] failedBits, long[] slowBits, int next, int calls, int failed, int slow) {
        this.size = size;
        this.failedBits = failedBits;
        this.slowBits = slowBits;
        this.next = next;
        this.calls = calls;
        this.failed = failed;
        this.slow = slow;
    }

    @Override
    CallWindow with(boolean nowFailed, boolean nowSlow, long now) {
        return new CountWindow(
                size,
                set(failedBits, nowFailed),
                set(slowBits, nowSlow),
                next + 1 == size ? 0 : next + 1,
                Math.min(calls + 1, size),
                failed + change(failedBits, nowFailed),
                slow + change(slowBits, nowSlow));
    }

    private boolean present(long[] bits) {
        return (bits[next >> 6] & (1L << next)) != 0;
    }

    private int change(long[] bits, boolean to) {
        return (to ? 1 : 0) - (present(bits) ? 1 : 0);
    }

    private long[] set(long[] bits, boolean to) {
        if (present(bits) == to) {
            return bits;
        }
        long[] changed = bits.clone();
        changed[next >> 6] ^= 1L << next;
        return changed;
    }

    /** Calls do not grow old here. */
    @Override
    CallWindow at(long now) {
        return this;
    }

    @Override
    int calls() {
        return calls;
    }

    @Override
    int failed() {
        return failed;
    }

    @Override
    int slow() {
        return slow;
    }
}
