package io.sluice.ratelimit;

/**
 * How many calls may be in flight, learned from what the provider answers. A rate limit halves the cap; successes raise
 * it again. Calls carry the generation they were admitted in, so that answers to calls from before a reduction change
 * nothing: a burst of refusals is one event, and a success says nothing about a cap it did not run under.
 *
 * <p>Plain and single-threaded.
 */
final class ConcurrencyCap {

    private final int restoreAfter;

    private int base;
    private int max;
    private int cap;
    private int streak;
    private int generation;
    private boolean everLimited;
    private int inFlight;

    ConcurrencyCap(int base, int max, int restoreAfter) {
        this.base = base;
        this.max = max;
        this.cap = base;
        this.restoreAfter = restoreAfter;
    }

    int cap() {
        return cap;
    }

    int base() {
        return base;
    }

    int streak() {
        return streak;
    }

    /** Goes on from what was known before; what makes no sense is left out. */
    void restore(int knownCap, int knownStreak) {
        if (knownCap >= 1) {
            cap = Math.min(knownCap, max);
            everLimited = cap < base;
            streak = Math.min(knownStreak, restoreAfter - 1);
        }
    }

    int inFlight() {
        return inFlight;
    }

    int generation() {
        return generation;
    }

    boolean hasFreeSlot() {
        return inFlight < cap;
    }

    void take() {
        inFlight++;
    }

    void giveBack() {
        inFlight--;
    }

    /**
     * A call was refused for its rate.
     *
     * @return whether that is news: the call was admitted after the last reduction
     */
    boolean rateLimited(int admittedIn) {
        if (admittedIn != generation) {
            return false;
        }
        generation++;
        everLimited = true;
        streak = 0;
        cap = Math.max(1, (cap + 1) / 2);
        return true;
    }

    /**
     * A call succeeded. Below the base the cap is restored by one after so many in a row. Above it the cap grows only
     * while it is what holds calls back: by one each time until the first rate limit ever, then as carefully as below.
     *
     * @param binding whether a call waits for nothing but a slot
     */
    void succeeded(int admittedIn, boolean binding) {
        if (admittedIn != generation || cap >= max || (cap >= base && !binding)) {
            return;
        }
        streak++;
        if (streak >= restoreAfter || (cap >= base && !everLimited)) {
            cap++;
            streak = 0;
        }
    }

    /** Other bounds apply. A cap that stands at its old base goes to the new one; a learned one is only clamped. */
    void update(int newBase, int newMax) {
        if (cap == base) {
            cap = newBase;
        } else if (cap > base) {
            cap = Math.max(cap, newBase);
        }
        base = newBase;
        max = newMax;
        cap = Math.min(cap, newMax);
    }
}
