package io.sluice.ratelimit;

import io.sluice.failure.StatedLimit;
import io.sluice.model.TokenUsage;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides about the permits of one key: the only place where limits are compared with what is charged. The queue, the
 * timer and the operators stand in front of it and know nothing of limits, so that another store can take its place.
 *
 * <p>All calls come from one thread at a time. {@code now} is in nanoseconds, and never less than in an earlier call.
 */
interface PermitLedger {

    /** An instant that never comes by waiting alone. */
    long NEVER = RollingLog.NEVER;

    /** Takes from every limit and a slot, or from none and returns null. */
    @Nullable
    Grant tryTake(Ask ask, long now);

    /** What part of the limits a call takes that was admitted just now, greater than zero: the largest of any limit. */
    double cost(Grant grant);

    /** Why a request can never be admitted, or null where it can. */
    @Nullable
    RequestTooLargeException tooLarge(Ask ask);

    /** Whether the windows have room for a request now, slots aside. */
    boolean fits(Ask ask, long now);

    /** When the windows will have room for a request, if nothing else happens; slots aside. */
    long readyAt(Ask ask, long now);

    /** Before when the windows cannot have room for a request, whatever is given back. */
    long readyAtBest(Ask ask, long now);

    /** When a request would probably be admitted that stands behind others: slots by the calls' mean duration. */
    long readyAtLikely(Ask ask, long requestsAhead, long tokensAhead, long now);

    /** The call succeeded; what it used replaces what was estimated. {@code binding}: a call waits only for a slot. */
    void succeeded(Grant grant, TokenUsage usage, boolean binding, long now);

    /**
     * The provider refused the call for its rate: its request stays charged, its tokens as the profile says. Nobody is
     * admitted for a while: as long as the provider said, or else, where the refusal is news, as long as is given.
     *
     * @param hinted whether it was the provider who said how long
     */
    void rateLimited(Grant grant, long pauseNanos, boolean hinted, long now);

    /**
     * The provider has begun to answer a call, so it has counted it.
     *
     * @param since when it had counted it, at the latest; before the grant, the grant counts
     */
    void answered(Grant grant, long since, long now);

    /** Whether a call that was admitted later has stated limits before: then what this one states is out of date. */
    boolean isOutOfDate(Grant grant);

    /**
     * The provider answered a call, and stated what is left of its limits. Where that is less than can be explained by
     * what was charged here, others use the account too, and what they used is charged now.
     *
     * @param limits limits over the window of this ledger, or over a day
     */
    void stated(Grant grant, List<StatedLimit> limits, long now);

    /** The call was sent and its outcome is a failure or unknown: everything stays charged. */
    void kept(Grant grant, long now);

    /** The call was never sent: everything is given back. */
    void abandoned(Grant grant, long now);

    /** Gives back the slot alone; the call is taken to be over, and its charge can still be settled. */
    void reclaim(Grant grant, long now);

    /** Whether nobody asked or ended for so long, and nothing is known that a new ledger would not know. */
    boolean isIdle(long now, long unusedFor);

    /** What another ledger needs to go on from here; {@code instant} is the same moment as {@code now}. */
    RateLimitState state(long now, Instant instant);

    /** Goes on from what was known before; only before anything was granted. */
    void restore(RateLimitState known, long now, Instant instant);

    /** Other limits apply from now on; what was used stays charged. */
    void update(RateLimitProfile profile, long now);

    /** Whether a request would be admitted if only it had a slot. */
    boolean lacksOnlySlot(Ask ask, long now);

    /** How many calls may be in flight now. */
    int cap();

    /** How often the cap was reduced: which calls are from before the last refusal that was news. */
    int generation();

    /** Until when nobody is admitted because the provider refused; a time that has passed where there is no pause. */
    long pausedUntil();

    /** How often in a row the provider refused, a burst counting once; back to zero by a success. */
    int rateLimitsInARow();

    /** What is charged and in force; changes nothing. */
    LedgerView view(long now);
}
