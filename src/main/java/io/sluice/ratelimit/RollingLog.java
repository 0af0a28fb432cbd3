package io.sluice.ratelimit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What one limit has charged over a rolling window, exactly: a charge counts from its stamp until {@code window} later,
 * and at that very nanosecond no more.
 *
 * <p>Charges are kept in stamp order in a ring of slots, with running sums, so that everything but a look ahead costs
 * the same however full the window is. While fewer than {@link #EXACT} slots are live each charge has its own; beyond
 * that, one that comes within {@code window / EXACT} of the newest slot's <em>first</em> stamp joins that slot, which
 * leaves the window with its <em>last</em>. So a full window takes bounded memory, and coalescing only ever makes a
 * charge count a little longer.
 *
 * <p>A charge that comes late, with a stamp before the newest, is put into its place while each has a slot of its own, and
 * counts as the newest otherwise. So slots move; a charge is known by the number of slots that there had been before it.
 * Part of each charge may be <em>fixed</em>: certain never to be given
 * back. What will free itself at the latest is known from the whole charges, what cannot be free any sooner from the
 * fixed ones.
 *
 * <p>A second, shorter <em>span</em> may be looked at over the same charges, for a limit on bursts.
 *
 * <p>Plain and single-threaded; {@code now} must not decrease from call to call.
 */
final class RollingLog implements ChargeLog {

    /** How many live slots there must be before charges share one. */
    static final int EXACT = 2_048;

    /** No slot is longer than this part of the span. */
    private static final int SPAN_PARTS = 64;

    /** An answer of the look-ahead: no passing of time makes enough room. */
    static final long NEVER = Long.MAX_VALUE;

    private final Trailing window;
    private final Trailing span;

    /** How far from its first stamp a slot takes further charges. */
    private long joinWithin;

    private long[] first = new long[16];
    private long[] last = new long[16];
    private long[] amount = new long[16];
    private long[] fixed = new long[16];
    private long[] id = new long[16];
    /** Slots are numbered from the beginning of time; those of the window's head to the tail are live. */
    private long tail;
    /** The last slot that several charges share; what comes late does not go before it. */
    private long shared = -1;
    /** How far from the slot that it is known by any charge ever stood, because late ones were put before others. */
    private long farthest;
    /** The stamp of the newest charge. */
    private long newest = Long.MIN_VALUE;
    /** All that was ever charged and not undone. */
    private long total;

    RollingLog(long windowNanos) {
        this.window = new Trailing(windowNanos);
        this.span = new Trailing(windowNanos);
        this.joinWithin = windowNanos / EXACT;
    }

    /** The charges that count: those of the last so many nanoseconds. */
    Trailing window() {
        return window;
    }

    /** Those of a shorter time, the window unless it was set. */
    Trailing span() {
        return span;
    }

    /** Sets how long the shorter time is, at most the window. */
    void spanOf(long nanos, long now) {
        span.length = nanos;
        // A slot is in the span as a whole or not at all, so it must be short beside it.
        joinWithin = Math.min(window.length / EXACT, nanos / SPAN_PARTS);
        span.head = window.head;
        span.sum = window.sum;
        span.fixedSum = window.fixedSum;
        span.expire(now);
    }

    /** What counts against the limit, as of the last {@link #expire}. */
    @Override
    public long sum() {
        return window.sum;
    }

    /** All that was ever charged and not undone, whether it counts still or not. */
    @Override
    public long total() {
        return total;
    }

    @Override
    public boolean isEmpty() {
        return slots() == 0;
    }

    @Override
    public long freeAt(long most, long now) {
        return window.freeAt(most, now);
    }

    @Override
    public long freeAtBest(long most, long now) {
        return window.freeAtBest(most, now);
    }

    @Override
    public long overAt(long stamp, long now) {
        return stamp + window.length;
    }

    @Override
    public long lookAt(long freeAt, long now) {
        return freeAt;
    }

    @Override
    public long length() {
        return window.length;
    }

    /** How many slots are live. */
    int slots() {
        return (int) (tail - window.head);
    }

    /** Drops what has left the window. */
    @Override
    public void expire(long now) {
        window.expire(now);
        span.expire(now);
    }

    /**
     * Charges an amount, and returns what it is known by.
     *
     * @param stamp from when it ages
     */
    @Override
    public long charge(long stamp, long charged) {
        total += charged;
        int live = slots();
        if (stamp < newest && live > 0 && live < EXACT) {
            return insert(stamp, charged);
        }
        newest = Math.max(newest, stamp);
        window.sum += charged;
        span.sum += charged;
        if (live >= EXACT && newest - first[at(tail - 1)] < joinWithin) {
            return join(charged);
        }
        set(tail, newest, charged);
        return tail++;
    }

    private long join(long charged) {
        int joined = at(tail - 1);
        if (span.head == tail) {
            // It had left the shorter time, and counts in it again as a whole.
            span.head--;
            span.sum += amount[joined];
            span.fixedSum += fixed[joined];
        }
        amount[joined] += charged;
        last[joined] = newest;
        shared = tail - 1;
        return id[joined];
    }

    private long insert(long stamp, long charged) {
        long floor = Math.max(window.head, shared + 1);
        long slot = tail;
        while (slot > floor && last[at(slot - 1)] > stamp) {
            slot--;
        }
        long inOrder = slot > window.head ? Math.max(stamp, last[at(slot - 1)]) : stamp;
        makeRoom();
        for (long from = tail - 1; from >= slot; from--) {
            move(from, from + 1);
        }
        set(slot, inOrder, charged);
        farthest = Math.max(farthest, tail - slot);
        window.inserted(slot, charged);
        span.inserted(slot, charged);
        return tail++;
    }

    private void move(long from, long to) {
        int source = at(from);
        int target = at(to);
        first[target] = first[source];
        last[target] = last[source];
        amount[target] = amount[source];
        fixed[target] = fixed[source];
        id[target] = id[source];
        farthest = Math.max(farthest, to - id[target]);
    }

    private void set(long slot, long stamp, long charged) {
        makeRoom();
        int i = at(slot);
        first[i] = stamp;
        last[i] = stamp;
        amount[i] = charged;
        fixed[i] = 0;
        id[i] = tail;
    }

    private void makeRoom() {
        if (slots() == first.length) {
            grow();
        }
    }

    /** The slot of a charge; negative where it has left the window. */
    private long find(long charge) {
        long from = Math.max(window.head, charge - farthest);
        long to = Math.min(tail - 1, charge + farthest);
        for (long slot = Math.min(charge, to); slot >= from; slot--) {
            if (id[at(slot)] == charge) {
                return slot;
            }
        }
        for (long slot = Math.max(charge + 1, from); slot <= to; slot++) {
            if (id[at(slot)] == charge) {
                return slot;
            }
        }
        return -1;
    }

    /** Gives back part of a charge; nothing where it has left the window. */
    @Override
    public void refund(long charge, long refunded) {
        long slot = find(charge);
        if (slot >= 0) {
            amount[at(slot)] -= refunded;
            window.sum -= refunded;
            if (slot >= span.head) {
                span.sum -= refunded;
            }
        }
    }

    /** Takes a charge back as if it had never been; nothing where it has left the window. */
    @Override
    public void undo(long charge, long charged) {
        if (find(charge) >= 0) {
            refund(charge, charged);
            total -= charged;
        }
    }

    /** Declares part of a charge final; nothing where it has left the window. */
    @Override
    public void fix(long charge, long settled) {
        long slot = find(charge);
        if (slot >= 0) {
            fixed[at(slot)] += settled;
            window.fixedSum += settled;
            if (slot >= span.head) {
                span.fixedSum += settled;
            }
        }
    }

    /** The live charges, oldest first, as instants: {@code instant} is the same moment as {@code now}. */
    @Override
    public List<RateLimitState.Charge> charges(long now, Instant instant) {
        List<RateLimitState.Charge> charges = new ArrayList<>(slots());
        for (long slot = window.head; slot < tail; slot++) {
            if (amount[at(slot)] > 0) {
                charges.add(new RateLimitState.Charge(
                        instant.minusNanos(now - last[at(slot)]),
                        Math.min(amount[at(slot)], RateLimitProfile.MAX_LIMIT)));
            }
        }
        return charges;
    }

    /**
     * Takes over charges of before, into an empty log. One that was open when the state was taken ages from when it would
     * have, and by a clock that was set back as if no time had passed since; others from the future count as made now.
     *
     * @param taken when the state was taken
     */
    @Override
    public void restore(List<RateLimitState.Charge> charges, Instant taken, long now, Instant instant) {
        Instant oldest = instant.minusNanos(window.length);
        Instant present = taken.isAfter(instant) ? taken : instant;
        for (RateLimitState.Charge charge : charges) {
            if (charge.at().isAfter(oldest)) {
                chargeFixed(now + fromNow(charge.at(), present, instant), charge.amount());
            }
        }
    }

    private static long fromNow(Instant at, Instant present, Instant instant) {
        if (at.isAfter(present)) {
            Duration open = Duration.between(present, at);
            // Nothing is open for longer than the longest skew.
            return open.compareTo(RateLimitProfile.MAX_SKEW) > 0 ? 0 : open.toNanos();
        }
        return at.isBefore(instant) ? -Duration.between(at, instant).toNanos() : 0;
    }

    private int at(long slot) {
        return (int) (slot & (first.length - 1));
    }

    private void grow() {
        first = grown(first);
        last = grown(last);
        amount = grown(amount);
        fixed = grown(fixed);
        id = grown(id);
    }

    private long[] grown(long[] column) {
        long[] grown = new long[2 * column.length];
        for (long slot = window.head; slot < tail; slot++) {
            grown[(int) (slot & (grown.length - 1))] = column[(int) (slot & (column.length - 1))];
        }
        return grown;
    }

    /** The charges of the last so many nanoseconds. */
    final class Trailing {

        private long length;
        /** Slots from here on are in it. */
        private long head;

        private long sum;
        private long fixedSum;

        private Trailing(long length) {
            this.length = length;
        }

        long length() {
            return length;
        }

        /** What is charged in it, as of the last {@link RollingLog#expire}. */
        long sum() {
            return sum;
        }

        private void inserted(long slot, long charged) {
            if (slot < head) {
                head++;
            } else {
                sum += charged;
            }
        }

        private void expire(long now) {
            while (head < tail && now - last[at(head)] >= length) {
                int i = at(head);
                sum -= amount[i];
                fixedSum -= fixed[i];
                head++;
            }
        }

        /** The earliest instant at which {@code sum <= most}, if nothing is charged or given back; {@link #NEVER} if none. */
        long freeAt(long most, long now) {
            return lookAhead(most, now, sum, amount);
        }

        /** The earliest instant at which {@code sum <= most} is possible at all, whatever is given back until then. */
        long freeAtBest(long most, long now) {
            return lookAhead(most, now, fixedSum, fixed);
        }

        private long lookAhead(long most, long now, long charged, long[] amounts) {
            long left = charged;
            for (long slot = head; left > most; slot++) {
                if (slot == tail) {
                    return NEVER;
                }
                left -= amounts[at(slot)];
                if (left <= most) {
                    return last[at(slot)] + length;
                }
            }
            return now;
        }
    }
}
