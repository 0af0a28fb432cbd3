package io.sluice.ratelimit;

import java.util.Arrays;

/**
 * How much a model usually answers with: the ninth decile of its last answers. While few are known, a thousand tokens,
 * which most answers stay below.
 *
 * <p>Plain and single-threaded.
 */
final class ExpectedOutput {

    /** What is expected at first. */
    static final long AT_FIRST = 1_024;

    /** How many answers must be known before they are believed. */
    static final int FEW = 16;

    /** How many answers are remembered. */
    static final int REMEMBERED = 64;

    private static final long[] NONE = {};

    private long[] latest = NONE;
    private long[] sorted = NONE;
    private int known;
    private int oldest;

    /** What to expect of a call that may answer with so much. */
    long of(long cap) {
        return Math.min(cap, known < FEW ? AT_FIRST : sorted[(known - 1) * 9 / 10]);
    }

    /** A call answered with so much. */
    void learn(long output) {
        if (latest.length == 0) {
            latest = new long[REMEMBERED];
            sorted = new long[REMEMBERED];
        }
        if (known == REMEMBERED) {
            remove(latest[oldest]);
        }
        latest[oldest] = output;
        oldest = (oldest + 1) % REMEMBERED;
        int at = place(output);
        System.arraycopy(sorted, at, sorted, at + 1, known - at);
        sorted[at] = output;
        known++;
    }

    private void remove(long output) {
        int at = place(output);
        System.arraycopy(sorted, at + 1, sorted, at, known - at - 1);
        known--;
    }

    private int place(long output) {
        int found = Arrays.binarySearch(sorted, 0, known, output);
        return found >= 0 ? found : -found - 1;
    }
}
