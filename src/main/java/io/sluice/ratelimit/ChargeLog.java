package io.sluice.ratelimit;

import java.time.Instant;
import java.util.List;

/**
 * What one limit has charged and how long that counts: over a rolling window, or until midnight.
 *
 * <p>Plain and single-threaded; {@code now} must not decrease from call to call.
 */
interface ChargeLog {

    /** Drops what counts no more. */
    void expire(long now);

    /**
     * Charges an amount, and returns what it is known by.
     *
     * @param stamp from when it ages
     */
    long charge(long stamp, long charged);

    /** Charges an amount that will not be given back. */
    default void chargeFixed(long stamp, long charged) {
        fix(charge(stamp, charged), charged);
    }

    /** Gives back part of a charge; nothing where it counts no more. */
    void refund(long charge, long refunded);

    /** Takes a charge back as if it had never been; nothing where it counts no more. */
    void undo(long charge, long charged);

    /** Declares part of a charge final; nothing where it counts no more. */
    void fix(long charge, long settled);

    /** What counts, as of the last {@link #expire}. */
    long sum();

    /** All that was ever charged and not undone, whether it counts still or not. */
    long total();

    /** What was charged and does not count any more, because it was given back or is over. */
    default long gone() {
        return total() - sum();
    }

    /** Whether nothing is remembered. */
    boolean isEmpty();

    /** The earliest instant at which {@code sum <= most}, if nothing is charged or given back; the largest long if none. */
    long freeAt(long most, long now);

    /** The earliest instant at which {@code sum <= most} is possible at all, whatever is given back until then. */
    long freeAtBest(long most, long now);

    /** The earliest instant at which a charge can be over that begins to age at the given time or after it. */
    long overAt(long stamp, long now);

    /** When to look again, where there will be room at {@code freeAt}: not later, and before where the clock may jump. */
    long lookAt(long freeAt, long now);

    /** How long a charge counts at most, about. */
    long length();

    /** What counts, oldest first, as instants: {@code instant} is the same moment as {@code now}. */
    List<RateLimitState.Charge> charges(long now, Instant instant);

    /**
     * Takes over charges of before, into an empty log.
     *
     * @param taken when the state was taken
     */
    void restore(List<RateLimitState.Charge> charges, Instant taken, long now, Instant instant);
}
