package io.sluice.ratelimit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What is charged to one key. The charge of a call is open at first, if the provider may count it later than we send it:
 * then it counts and does not age. Stamped, it is in the logs and leaves the window in its time.
 *
 * <p>Plain and single-threaded; {@code now} must not decrease from call to call.
 */
final class Charges {

    private final RollingLog requests;
    private final RollingLog tokens;
    private final OpenCharges open = new OpenCharges();

    Charges(long windowNanos) {
        this.requests = new RollingLog(windowNanos);
        this.tokens = new RollingLog(windowNanos);
    }

    /** Stamps what the provider must have counted by now, and drops what has left the window. */
    void expire(long now) {
        while (open.earliest() <= now) {
            Grant grant = open.first();
            stamp(grant, grant.stampAt);
        }
        requests.expire(now);
        tokens.expire(now);
    }

    /** Over how many nanoseconds bursts are looked at. */
    void burstsOver(long nanos, long now) {
        requests.spanOf(nanos, now);
    }

    // ---- the life of a charge ----

    /** Charges a call with one request and its estimate; open until {@code stampAt}, if that is to come. */
    void charge(Grant grant, long stampAt, long now) {
        grant.requestsGone = requests.gone();
        grant.tokensGone = tokens.gone();
        grant.stampAt = stampAt;
        if (stampAt > now) {
            open.add(grant);
        } else {
            enter(grant, now);
        }
    }

    /** The provider has counted the call, at {@code at} at the latest; nothing where the charge ages already. */
    void counted(Grant grant, long at) {
        if (grant.isOpen()) {
            stamp(grant, at);
        }
    }

    private void stamp(Grant grant, long at) {
        open.remove(grant);
        enter(grant, at);
        if (grant.kept) {
            settle(grant, grant.estimate.total());
        }
    }

    private void enter(Grant grant, long at) {
        grant.requestSlot = requests.charge(at, 1);
        grant.tokenSlot = tokens.charge(at, grant.estimate.total());
    }

    /** So many tokens of the estimate stay charged for good; the provider has counted the call. */
    void settled(Grant grant, long kept, long now) {
        counted(grant, now);
        settle(grant, kept);
    }

    private void settle(Grant grant, long kept) {
        tokens.refund(grant.tokenSlot, grant.estimate.total() - kept);
        tokens.fix(grant.tokenSlot, kept);
        requests.fix(grant.requestSlot, 1);
    }

    /** The whole charge stays for good, and whether the provider has counted it is not known. */
    void kept(Grant grant) {
        if (grant.isOpen()) {
            open.keep(grant);
        } else {
            settle(grant, grant.estimate.total());
        }
    }

    /** Gives everything back. */
    void abandoned(Grant grant) {
        if (grant.isOpen()) {
            open.remove(grant);
        } else {
            requests.undo(grant.requestSlot, 1);
            tokens.undo(grant.tokenSlot, grant.estimate.total());
        }
    }

    /** Charges requests that are no call's of ours, for good; zero is none. */
    void chargeRequests(long charged, long now) {
        if (charged > 0) {
            requests.chargeFixed(now, charged);
        }
    }

    /** Charges tokens beyond an estimate, for good; zero is none. */
    void chargeTokens(long charged, long now) {
        if (charged > 0) {
            tokens.chargeFixed(now, charged);
        }
    }

    // ---- what counts ----

    long requests() {
        return requests.sum() + open.requests();
    }

    long tokens() {
        return tokens.sum() + open.tokens();
    }

    /** The requests that count against the limit on bursts. */
    long burst() {
        return requests.span().sum() + open.requests();
    }

    /** What counted when a call was admitted, and what was charged since. */
    long requestsFrom(Grant grant) {
        return requests.total() + open.requests() - grant.requestsGone;
    }

    /** What counted when a call was admitted, and what was charged since. */
    long tokensFrom(Grant grant) {
        return tokens.total() + open.tokens() - grant.tokensGone;
    }

    // ---- when there will be room ----

    /** When requests and tokens are down to the given sums at the earliest, if nothing is charged or given back. */
    long freeAt(long mostRequests, long mostBurst, long mostTokens, long now) {
        return Math.max(
                Math.max(
                        freeAt(requests.window(), mostRequests, open.requests(), now),
                        freeAt(requests.span(), mostBurst, open.requests(), now)),
                freeAt(tokens.window(), mostTokens, open.tokens(), now));
    }

    /** Where the open charges alone are too many, the first of them must go; all that is in the log has left by then. */
    private long freeAt(RollingLog.Trailing log, long most, long opened, long now) {
        return opened <= most ? log.freeAt(most - opened, now) : open.earliest() + log.length();
    }

    /** Before when they cannot be down to the given sums, whatever is given back until then. */
    long freeAtBest(long mostRequests, long mostBurst, long mostTokens, long now) {
        return Math.max(
                Math.max(
                        freeAtBest(requests.window(), mostRequests, open.keptRequests(), now),
                        freeAtBest(requests.span(), mostBurst, open.keptRequests(), now)),
                freeAtBest(tokens.window(), mostTokens, open.keptTokens(), now));
    }

    private long freeAtBest(RollingLog.Trailing log, long most, long kept, long now) {
        return kept <= most ? log.freeAtBest(most - kept, now) : now + log.length();
    }

    /** When so many more requests will probably have found room, if they come one after the other. */
    long afterRequests(long limit, long demand, long now) {
        return afterDemand(requests.window(), open.requests(), limit, demand, now);
    }

    /** The same for the limit on bursts. */
    long afterBurst(long limit, long demand, long now) {
        return afterDemand(requests.span(), open.requests(), limit, demand, now);
    }

    /** The same for tokens. */
    long afterTokens(long limit, long demand, long now) {
        return afterDemand(tokens.window(), open.tokens(), limit, demand, now);
    }

    /** Whole windows for what exceeds one, then the time at which the rest fits into what is charged now. */
    private static long afterDemand(RollingLog.Trailing log, long opened, long limit, long demand, long now) {
        long windows = (demand - 1) / limit;
        long most = limit - (demand - windows * limit) - opened;
        // Answers are expected any moment, so what is open is taken to age from now.
        long first = most >= 0 ? log.freeAt(most, now) : now + log.length();
        double at = (double) first + (double) windows * (double) log.length();
        return at >= (double) Long.MAX_VALUE ? RollingLog.NEVER : (long) at;
    }

    // ---- across restarts ----

    List<RateLimitState.Charge> requestsAt(long now, Instant instant) {
        return withOpen(requests.charges(now, instant), grant -> 1, now, instant);
    }

    List<RateLimitState.Charge> tokensAt(long now, Instant instant) {
        return withOpen(tokens.charges(now, instant), grant -> grant.estimate.total(), now, instant);
    }

    private List<RateLimitState.Charge> withOpen(
            List<RateLimitState.Charge> charges, ToLongFunction<Grant> amount, long now, Instant instant) {
        List<RateLimitState.Charge> all = new ArrayList<>(charges);
        for (Grant grant : open.all()) {
            long charged = Math.min(amount.applyAsLong(grant), RateLimitProfile.MAX_LIMIT);
            if (charged > 0) {
                all.add(new RateLimitState.Charge(instant.plusNanos(grant.stampAt - now), charged));
            }
        }
        return all;
    }

    void restore(RateLimitState known, long now, Instant instant) {
        requests.restore(known.requests(), known.at(), now, instant);
        tokens.restore(known.tokens(), known.at(), now, instant);
    }
}
