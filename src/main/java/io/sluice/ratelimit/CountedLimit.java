package io.sluice.ratelimit;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * One limit of a key, and what is charged to it. A charge is <em>open</em> at first, where the provider may count the call
 * later than we send it: it counts and does not age. One of output that is only expected stays open until its call has
 * ended, whenever that is: it is <em>unfinished</em>. What has been counted is in the log and ages.
 *
 * <p>Plain and single-threaded; {@code now} must not decrease from call to call.
 */
final class CountedLimit {

    /** What an unfinished charge is known by, which is in no log. */
    private static final long UNFINISHED = -2;

    private final RateLimit name;
    /** Under which number grants remember it. */
    private final int index;

    private final ChargeLog log;
    private final ExpectedOutput expected;

    private boolean inForce;
    private long hard;
    private long effective;
    /** How a call's tokens count; null where requests are counted. */
    private @Nullable TokenCounts counts;
    /** Whether it charges the whole estimate, or one request; and whether it counts all that was used, or one request. */
    private boolean plain;

    private boolean plainUse;
    /** Whether charges stay open until their calls have ended. */
    private boolean late;

    private long open;
    /** How much of what is open will not be given back. */
    private long openKept;

    private long unfinished;

    CountedLimit(RateLimit name, int index, ChargeLog log, ExpectedOutput expected) {
        this.name = name;
        this.index = index;
        this.log = log;
        this.expected = expected;
    }

    /** Takes the numbers of a profile; {@code counts} is null where requests are counted. */
    void set(RateLimitProfile profile, @Nullable TokenCounts counts) {
        Long limit = profile.limit(name);
        this.inForce = limit != null;
        this.hard = limit == null ? Long.MAX_VALUE : limit;
        this.effective = profile.effective(name);
        this.counts = counts;
        this.late = counts != null && counts.isExpected();
        this.plain = counts == null
                || (counts.input() == 1 && counts.output() == 1 && counts.outputAs() == TokenCounts.OutputAs.CAP);
        this.plainUse = plain && (counts == null || counts.cachedInput() == 1);
    }

    /** Goes on being counted for those whose calls are charged to it, and holds nobody back. */
    void retire() {
        inForce = false;
        effective = Long.MAX_VALUE;
        hard = Long.MAX_VALUE;
    }

    RateLimit name() {
        return name;
    }

    int index() {
        return index;
    }

    ChargeLog log() {
        return log;
    }

    boolean isInForce() {
        return inForce;
    }

    long hard() {
        return hard;
    }

    long effective() {
        return effective;
    }

    /** Whether what it charges is the whole estimate, or one request. */
    boolean isPlain() {
        return plain;
    }

    boolean isLate() {
        return late;
    }

    boolean learns() {
        return inForce && late;
    }

    // ---- what counts ----

    /** What counts, open charges included. */
    long charged() {
        return log.sum() + open + unfinished;
    }

    /** What counted when a call was admitted, and what was charged since. */
    long chargedFrom(Grant grant) {
        return log.total() + open + unfinished - grant.gone(index);
    }

    boolean isIdle() {
        return log.isEmpty() && open == 0 && unfinished == 0;
    }

    /** How much room a call needs. */
    long need(TokenEstimate estimate) {
        if (counts == null) {
            return 1;
        }
        if (plain) {
            return estimate.total();
        }
        long need = counts.charged(estimate, expected);
        // What is only expected may be too much for the limit, and is no reason to turn a call away.
        return late ? Math.max(counts.atOnce(estimate), Math.min(need, effective)) : need;
    }

    /** What a call is sure to be charged, of which more than the limit makes it impossible. */
    long sure(TokenEstimate estimate) {
        return counts == null ? 1 : counts.atOnce(estimate);
    }

    boolean fits(TokenEstimate estimate) {
        return !inForce || charged() <= mostBefore(need(estimate));
    }

    /** The highest sum that leaves room for more; an oversized request needs an empty window. */
    private long mostBefore(long need) {
        return need == 0 ? Long.MAX_VALUE : Math.max(0, effective - need);
    }

    // ---- the life of a charge ----

    /** Charges a call; it is entered, or becomes open, by what follows. */
    void charge(Grant grant) {
        grant.gone(index, log.gone());
        grant.charged(index, need(grant.estimate()));
    }

    /** The charge does not age yet. */
    void open(Grant grant) {
        if (!finishesLate(grant)) {
            open += grant.charged(index);
        }
    }

    /** The charge ages, if it was not open. */
    void enterAtOnce(Grant grant, long at) {
        if (!finishesLate(grant)) {
            grant.slot(index, log.charge(at, grant.charged(index)));
        }
    }

    private boolean finishesLate(Grant grant) {
        if (late) {
            unfinished += grant.charged(index);
            grant.slot(index, UNFINISHED);
        }
        return late;
    }

    private boolean isUnfinished(Grant grant) {
        // Requests never are, and an open grant keeps something else in their place.
        return counts != null && grant.slot(index) == UNFINISHED;
    }

    /** An open charge begins to age. */
    void stamp(Grant grant, long at, boolean kept) {
        if (isUnfinished(grant)) {
            return;
        }
        long charged = grant.charged(index);
        open -= charged;
        long slot = log.charge(at, charged);
        grant.slot(index, slot);
        if (kept) {
            openKept -= charged;
            log.fix(slot, charged);
        }
    }

    /** The call is over and an unfinished charge begins to age; it can still be corrected. */
    void finish(Grant grant, long now) {
        if (isUnfinished(grant)) {
            unfinished -= grant.charged(index);
            grant.slot(index, log.charge(now, grant.charged(index)));
        }
    }

    /** So much of a charge that ages stays for good. */
    void settle(Grant grant, long kept) {
        long slot = grant.slot(index);
        log.refund(slot, grant.charged(index) - kept);
        log.fix(slot, kept);
    }

    /**
     * The call has ended: what it used takes the place of what it was charged. More is charged now, also where the charge
     * itself is over; less is given back, where the provider does so, or counts what is used anyway.
     *
     * @return how much more is charged now; negative for less
     */
    long settle(Grant grant, TokenUsage usage, boolean refunds, long now) {
        long charged = grant.charged(index);
        long used = used(grant.estimate(), usage, charged);
        if (used > charged) {
            settle(grant, charged);
            chargeMore(used - charged, now);
            return used - charged;
        }
        long kept = refunds || late ? used : charged;
        settle(grant, kept);
        return kept - charged;
    }

    private long used(TokenEstimate estimate, TokenUsage usage, long charged) {
        if (counts == null) {
            return charged;
        }
        return plainUse && charged == estimate.total()
                ? usage.inputOr(estimate.input()) + usage.outputOr(estimate.maxOutput())
                : counts.used(estimate, usage, charged);
    }

    /** The call is over, and an unfinished charge is open from now on like the others of the call. */
    void openUnfinished(Grant grant) {
        if (isUnfinished(grant)) {
            unfinished -= grant.charged(index);
            open += grant.charged(index);
            grant.slot(index, 0);
        }
    }

    /** The whole of an open charge stays for good. */
    void keepOpen(Grant grant) {
        openUnfinished(grant);
        openKept += grant.charged(index);
    }

    /** Gives back a charge as if it had never been. */
    void abandon(Grant grant, boolean isOpen) {
        if (isUnfinished(grant)) {
            unfinished -= grant.charged(index);
        } else if (isOpen) {
            open -= grant.charged(index);
        } else {
            log.undo(grant.slot(index), grant.charged(index));
        }
    }

    /** Charges what is no call's estimate, for good; zero is none. */
    void chargeMore(long charged, long now) {
        if (charged > 0) {
            log.chargeFixed(now, charged);
        }
    }

    // ---- when there will be room ----

    /** When there is room for a call at the earliest, if nothing is charged or given back. */
    long freeAt(TokenEstimate estimate, long earliestStamp, long now) {
        return inForce ? freeAt(log, mostBefore(need(estimate)), earliestStamp, now) : now;
    }

    /**
     * Where the open charges alone are too many, the first of them must go; all that is in the log has left by then. No
     * passing of time ends a call.
     */
    private long freeAt(ChargeLog log, long most, long earliestStamp, long now) {
        if (unfinished > most) {
            return RollingLog.NEVER;
        }
        long left = most - unfinished;
        long at = open <= left ? log.freeAt(left - open, now) : log.overAt(earliestStamp, now);
        return at <= now ? now : log.lookAt(at, now);
    }

    /** Before when there cannot be room, whatever is given back until then. */
    long freeAtBest(TokenEstimate estimate, long now) {
        if (!inForce) {
            return now;
        }
        long most = mostBefore(need(estimate));
        return openKept <= most ? log.freeAtBest(most - openKept, now) : log.overAt(now, now);
    }

    /** When a call will probably have found room behind so many others. */
    long likelyAt(TokenEstimate estimate, long requestsAhead, long tokensAhead, long now) {
        if (!inForce) {
            return now;
        }
        if (counts == null) {
            return afterDemand(requestsAhead + 1, now);
        }
        long need = need(estimate);
        if (need == 0) {
            return now;
        }
        // Of those ahead only the sum is known; they are taken to be calls like this one.
        long total = estimate.total();
        long ahead = isPlain() || total == 0 ? tokensAhead : (long) ((double) tokensAhead * ((double) need / total));
        // One that is too large for the limit needs an empty window, as one of exactly the limit does.
        return afterDemand(ahead + Math.min(need, effective), now);
    }

    /** Whole windows for what exceeds one, then the time at which the rest fits into what is charged now. */
    private long afterDemand(long demand, long now) {
        long windows = (demand - 1) / effective;
        // Answers and ends are expected any moment, so what is open is taken to age from now.
        long most = effective - (demand - windows * effective) - open - unfinished;
        long first = most >= 0 ? log.freeAt(most, now) : log.overAt(now, now);
        return later(first, windows, log.length());
    }

    static long later(long first, long windows, long length) {
        double at = (double) first + (double) windows * (double) length;
        return windows == 0 ? first : at >= (double) Long.MAX_VALUE ? RollingLog.NEVER : (long) at;
    }

    long openCharges() {
        return open;
    }

    /** What of a call's charge is open and will age by itself. */
    long openChargeOf(Grant grant) {
        return isUnfinished(grant) ? 0 : grant.charged(index);
    }

    long openKept() {
        return openKept;
    }

    long unfinished() {
        return unfinished;
    }
}
