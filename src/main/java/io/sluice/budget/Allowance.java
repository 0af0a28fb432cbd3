package io.sluice.budget;

import org.jspecify.annotations.Nullable;

/**
 * One limit of one budget: how much there is, how much was spent, and how much is held for calls in flight. Spent and held
 * together never go beyond the range of a long, which is also the limit of what is not limited.
 *
 * <p>In a rolling window, what was spent and what the limit was raised by count for as long as the window is; in one of the
 * calendar until {@link #turn}.
 *
 * <p>Plain arithmetic, for the one thread that may touch its tree.
 */
final class Allowance {

    static final long UNLIMITED = Long.MAX_VALUE;

    /** No threshold is to come. */
    private static final long NONE = Long.MAX_VALUE;

    final BudgetDimension dimension;

    private final long base;

    /** Percents of the limit that are told when so much was spent, in ascending order. */
    private final int[] thresholds;

    /** What was spent and raised when; null where that does not matter. */
    private final @Nullable RollingSum spends;

    private final @Nullable RollingSum raises;

    private long raised;
    private long spent;
    private long held;

    /** How many thresholds were passed, and where the next one is. */
    private int passed;

    private long nextAt;

    Allowance(BudgetDimension dimension, @Nullable Long limit, int[] thresholds) {
        this(dimension, limit, thresholds, 0);
    }

    /**
     * @param rolling the window in milliseconds, or 0 where it is none that rolls
     */
    Allowance(BudgetDimension dimension, @Nullable Long limit, int[] thresholds, long rolling) {
        this.dimension = dimension;
        this.base = limit == null ? UNLIMITED : limit;
        this.thresholds = thresholds;
        this.spends = rolling == 0 ? null : new RollingSum(rolling);
        this.raises = rolling == 0 ? null : new RollingSum(rolling);
        this.nextAt = threshold(0);
    }

    boolean isLimited() {
        return base != UNLIMITED;
    }

    /** How much there is, with what it was raised by. */
    long limit() {
        return raised > UNLIMITED - base ? UNLIMITED : base + raised;
    }

    long raised() {
        return raised;
    }

    long spent() {
        return spent;
    }

    long held() {
        return held;
    }

    /** What is neither spent nor held; negative where more was spent than there is. */
    long free() {
        return limit() - (spent + held);
    }

    /** Whether so much can be held. Nothing can, not even nothing, while more was spent than there is. */
    boolean fits(long amount) {
        return amount <= limit() - (spent + held);
    }

    /** Holds so much, which fits. */
    void hold(long amount) {
        held += amount;
    }

    /** Ends the holding of so much, and counts as spent what it became. */
    void settle(long wasHeld, long used, long now) {
        held -= wasHeld;
        spent = Math.min(spent, UNLIMITED - held);
        long counted = Math.min(used, UNLIMITED - held - spent);
        spent += counted;
        if (spends != null) {
            spends.add(counted, now);
        }
    }

    /** What was counted as spent then turned out to be less. */
    void refund(long amount, long then) {
        if (spends == null) {
            spent -= Math.min(spent, amount);
        } else {
            spends.refund(amount, then);
            spent = spends.sum();
        }
    }

    /** There is so much more, for as long as the window is. */
    void raise(long amount, long now) {
        if (!isLimited()) {
            return;
        }
        long counted = Math.min(amount, UNLIMITED - raised);
        raised += counted;
        if (raises != null) {
            raises.add(counted, now);
        }
        rearm();
    }

    /** A window of the calendar is over. */
    void turn() {
        spent = 0;
        raised = 0;
        passed = 0;
        nextAt = threshold(0);
    }

    /** Time has passed in a rolling window. */
    void age(long now) {
        if (spends == null || raises == null) {
            return;
        }
        spends.age(now);
        raises.age(now);
        if (spent != spends.sum() || raised != raises.sum()) {
            spent = spends.sum();
            raised = raises.sum();
            rearm();
        }
    }

    /** What was spent when in a rolling window; null in any other. */
    @Nullable
    RollingSum spends() {
        return spends;
    }

    /** What the limit was raised by when in a rolling window; null in any other. */
    @Nullable
    RollingSum raises() {
        return raises;
    }

    /**
     * When so much can be held in a rolling window, if nothing else happens; the largest long where that is never.
     *
     * @param kept how much will still be held by then
     */
    long fitsAt(long amount, long kept, long now) {
        long most = limit() - kept - amount;
        return spends == null || most < 0 ? Long.MAX_VALUE : spends.atMost(most, now);
    }

    /** When the oldest of what was spent in a rolling window is forgotten; the largest long where there is nothing. */
    long nextForgotten(long window) {
        return spends == null || spends.size() == 0 ? Long.MAX_VALUE : spends.at(0) + window;
    }

    /** How much more was spent than there is; 0 where it is not. */
    long overdraft() {
        return Math.max(0, spent - limit());
    }

    /** The next threshold, in percent, if so much was spent; 0 where it was not. Each is told once. */
    int passThreshold() {
        if (spent < nextAt || nextAt == NONE) {
            return 0;
        }
        int percent = thresholds[passed++];
        nextAt = threshold(passed);
        return percent;
    }

    /** Thresholds that are a tenth of the limit away again will be told again; closer ones are not, lest one is told often. */
    private void rearm() {
        long margin = limit() / 10;
        while (passed > 0 && spent < threshold(passed - 1) - margin) {
            passed--;
        }
        nextAt = threshold(passed);
    }

    /** Rounded up: 50 % of 3 tokens are spent when 2 are. */
    private long threshold(int index) {
        long limit = limit();
        if (!isLimited() || limit == 0 || index == thresholds.length) {
            return NONE;
        }
        int percent = thresholds[index];
        return limit / 100 * percent + (limit % 100 * percent + 99) / 100;
    }
}
