package io.sluice.budget;

import org.jspecify.annotations.Nullable;

/**
 * One limit of one budget: how much there is, how much was spent, and how much is held for calls in flight. Spent and held
 * together never go beyond the range of a long, which is also the limit of what is not limited.
 *
 * <p>Plain arithmetic, for the one thread that may touch its tree.
 */
final class Allowance {

    static final long UNLIMITED = Long.MAX_VALUE;

    /** No threshold is to come. */
    private static final long NONE = Long.MAX_VALUE;

    final BudgetDimension dimension;
    final long limit;

    /** Percents of the limit that are told when so much was spent, in ascending order. */
    private final int[] thresholds;

    private long spent;
    private long held;

    /** How many thresholds were passed, and where the next one is. */
    private int passed;

    private long nextAt;

    Allowance(BudgetDimension dimension, @Nullable Long limit, int[] thresholds) {
        this.dimension = dimension;
        this.limit = limit == null ? UNLIMITED : limit;
        this.thresholds = thresholds;
        this.nextAt = nextThreshold();
    }

    boolean isLimited() {
        return limit != UNLIMITED;
    }

    long spent() {
        return spent;
    }

    long held() {
        return held;
    }

    /** What is neither spent nor held; negative where more was spent than there is. */
    long free() {
        return limit - (spent + held);
    }

    /** Whether so much can be held. Nothing can, not even nothing, while more was spent than there is. */
    boolean fits(long amount) {
        return amount <= limit - (spent + held);
    }

    /** Holds so much, which fits. */
    void hold(long amount) {
        held += amount;
    }

    /** Ends the holding of so much, and counts as spent what it became. */
    void settle(long wasHeld, long used) {
        held -= wasHeld;
        spent = Math.min(spent, UNLIMITED - held);
        spent += Math.min(used, UNLIMITED - held - spent);
    }

    /** What was counted as spent turned out to be less. */
    void refund(long amount) {
        spent -= Math.min(spent, amount);
    }

    /** How much more was spent than there is; 0 where it is not. */
    long overdraft() {
        return Math.max(0, spent - limit);
    }

    /** The next threshold, in percent, if so much was spent; 0 where it was not. Each is told once. */
    int passThreshold() {
        if (spent < nextAt || nextAt == NONE) {
            return 0;
        }
        int percent = thresholds[passed++];
        nextAt = nextThreshold();
        return percent;
    }

    /** Rounded up: 50 % of 3 tokens are spent when 2 are. */
    private long nextThreshold() {
        if (!isLimited() || limit == 0 || passed == thresholds.length) {
            return NONE;
        }
        int percent = thresholds[passed];
        return limit / 100 * percent + (limit % 100 * percent + 99) / 100;
    }
}
