package io.sluice.simulator;

import java.util.Arrays;

/**
 * One model's limits over a rolling window: what was charged at time t counts at every time in [t, t + length), and the
 * sum of what counts never exceeds a limit. Exact: each charge is kept with its own time, as long as it counts.
 *
 * <p>Plain arithmetic in nanoseconds, not thread-safe. A time before the latest one counts as the latest.
 */
final class RollingWindow {

    private final ModelLimits limits;
    private final long length;

    // The live charges, oldest first, in a ring of a power of two.
    private long[] times = new long[16];
    private long[] charges = new long[16];
    private int head;
    private int size;

    /** The number of the oldest live charge; numbers go up by one with each charge. */
    private long firstNumber;

    private long tokens;
    private long latest = Long.MIN_VALUE;
    private long highestRequests;
    private long highestTokens;

    RollingWindow(ModelLimits limits, long lengthNanos) {
        this.limits = limits;
        this.length = lengthNanos;
    }

    /** Decides about a request that costs {@code requested} tokens, and charges it if it is let in. */
    Verdict offer(long now, long requested) {
        latest = Math.max(latest, now);
        forget();
        if (requested > limits.tokens()) {
            return new Verdict.TooLarge(requested, standing());
        }
        long requestWait = size < limits.requests() ? 0 : freeAt(size - limits.requests()) - latest;
        long tokenWait = tokenWait(requested);
        if (requestWait > 0 || tokenWait > 0) {
            return requestWait >= tokenWait
                    ? new Verdict.Refused(Dimension.REQUESTS, size, 1, requestWait, standing())
                    : new Verdict.Refused(Dimension.TOKENS, tokens, requested, tokenWait, standing());
        }
        add(requested);
        highestRequests = Math.max(highestRequests, size);
        highestTokens = Math.max(highestTokens, tokens);
        return new Verdict.Admitted(firstNumber + size - 1, standing());
    }

    /** Lowers a charge to what was really used; a charge that counts no more, or would rise, stays as it is. */
    void settle(long number, long used) {
        long index = number - firstNumber;
        if (index < 0 || index >= size) {
            return;
        }
        int at = slot(index);
        if (used < charges[at]) {
            tokens -= charges[at] - used;
            charges[at] = used;
        }
    }

    long highestRequests() {
        return highestRequests;
    }

    long highestTokens() {
        return highestTokens;
    }

    private long tokenWait(long requested) {
        long over = tokens + requested - limits.tokens();
        if (over <= 0) {
            return 0;
        }
        int index = 0;
        while (charges[slot(index)] < over) {
            over -= charges[slot(index)];
            index++;
        }
        return freeAt(index) - latest;
    }

    private void forget() {
        while (size > 0 && latest - times[head] >= length) {
            tokens -= charges[head];
            head = slot(1);
            size--;
            firstNumber++;
        }
    }

    private void add(long charge) {
        if (size == times.length) {
            times = grown(times);
            charges = grown(charges);
            head = 0;
        }
        times[slot(size)] = latest;
        charges[slot(size)] = charge;
        size++;
        tokens += charge;
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

    private Standing standing() {
        return new Standing(limits, size, tokens, size == 0 ? 0 : freeAt(size - 1) - latest);
    }
}
