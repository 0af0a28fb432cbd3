package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is charged to all limits of one key. The charge of a call is open at first, if the provider may count it later than
 * we send it: then it counts and does not age. Stamped, it is in the logs and leaves the window in its time.
 *
 * <p>Requests and tokens are always counted; the further limits from when a profile has them. One that a profile does not
 * have any more is still counted, for the calls that are charged to it, and holds nobody back.
 *
 * <p>Plain and single-threaded; {@code now} must not decrease from call to call.
 */
final class Charges {

    private final ModelKey key;
    private final long window;
    private final InstantSource clock;
    private final ExpectedOutput expected = new ExpectedOutput();

    private final RollingLog requestLog;
    /** By number: requests, tokens, then what profiles had besides. */
    private CountedLimit[] limits;

    private DayWindow day = DayWindow.ROLLING;
    private BurstLimit burst;
    /** Whether any charge may stay open until its call has ended. */
    private boolean everLate;

    /** The open ones, by when they begin to age. */
    private final DeadlineHeap<Grant> open = new DeadlineHeap<>();

    Charges(ModelKey key, RateLimitProfile profile, long windowNanos, InstantSource clock, long now) {
        this.key = key;
        this.window = windowNanos;
        this.clock = clock;
        this.requestLog = new RollingLog(windowNanos);
        this.limits = new CountedLimit[] {
            new CountedLimit(RateLimit.RPM, Grant.REQUESTS, requestLog, expected),
            new CountedLimit(RateLimit.TPM, Grant.TOKENS, new RollingLog(windowNanos), expected)
        };
        this.burst = BurstLimit.of(profile, windowNanos);
        update(profile, now);
    }

    /** Other limits apply; what is charged stays so. */
    void update(RateLimitProfile profile, long now) {
        burst = BurstLimit.of(profile, window);
        requestLog.spanOf(burst.nanos(), now);
        set(limits[Grant.REQUESTS], profile);
        set(limits[Grant.TOKENS], profile);
        for (RateLimit name : RateLimit.FURTHER) {
            CountedLimit known = find(name);
            if (known != null && name.isPerDay() && !profile.day().equals(day)) {
                known.retire();
                CountedLimit successor = add(name, profile, now);
                Instant instant = clock.instant();
                successor.log().restore(chargesAt(known, now, instant), instant, now, instant);
            } else if (known != null) {
                set(known, profile);
            } else if (profile.limit(name) != null) {
                add(name, profile, now);
            }
        }
        day = profile.day();
    }

    private CountedLimit add(RateLimit name, RateLimitProfile profile, long now) {
        CountedLimit added = new CountedLimit(name, limits.length, log(name, profile, now), expected);
        set(added, profile);
        limits = Arrays.copyOf(limits, limits.length + 1);
        limits[added.index()] = added;
        return added;
    }

    private ChargeLog log(RateLimit name, RateLimitProfile profile, long now) {
        if (!name.isPerDay()) {
            return new RollingLog(window);
        }
        ZoneId zone = profile.day().zone();
        return zone == null ? new RollingLog(RateLimit.DAY.toNanos()) : new CalendarDay(zone, clock, now);
    }

    private void set(CountedLimit limit, RateLimitProfile profile) {
        limit.set(profile, limit.name().isOfTokens() ? profile.countsFor(key, limit.name()) : null);
        everLate |= limit.isLate();
    }

    /** The youngest of a name, which is the one that a profile means. */
    @Nullable
    CountedLimit find(RateLimit name) {
        for (int i = limits.length - 1; i >= 0; i--) {
            if (limits[i].name() == name) {
                return limits[i];
            }
        }
        return null;
    }

    /** Stamps what the provider must have counted by now, and drops what counts no more. */
    void expire(long now) {
        if (open.earliest() <= now) {
            expireLogs(now);
            while (open.earliest() <= now) {
                Grant grant = open.first();
                stamp(grant, grant.due());
            }
        }
        expireLogs(now);
    }

    private void expireLogs(long now) {
        for (CountedLimit limit : limits) {
            limit.log().expire(now);
        }
    }

    // ---- the life of a charge ----

    /** Charges a call with one request and its estimate; open until {@code stampAt}, if that is to come. */
    void charge(Grant grant, long stampAt, long now) {
        if (limits.length > 2 || !limits[Grant.TOKENS].isPlain()) {
            grant.remember(limits.length);
        }
        boolean opens = stampAt > now;
        if (opens) {
            grant.stampAt(stampAt);
            open.add(grant);
        }
        for (CountedLimit limit : limits) {
            limit.charge(grant);
            if (opens) {
                limit.open(grant);
            } else {
                limit.enterAtOnce(grant, now);
            }
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
        for (CountedLimit limit : limits) {
            if (grant.isChargedTo(limit.index())) {
                limit.stamp(grant, at, grant.kept);
            }
        }
    }

    /** The call is over, and may still be settled; the provider has counted all of it. */
    void finished(Grant grant, long now) {
        if (!everLate) {
            return;
        }
        for (CountedLimit limit : limits) {
            if (grant.isChargedTo(limit.index())) {
                limit.finish(grant, now);
            }
        }
    }

    /** The call is taken to be over, and may still be settled; whether the provider has counted it is not known. */
    void reclaimed(Grant grant, long now) {
        if (!grant.isOpen()) {
            finished(grant, now);
            return;
        }
        for (CountedLimit limit : limits) {
            if (grant.isChargedTo(limit.index())) {
                limit.openUnfinished(grant);
            }
        }
    }

    /**
     * The call succeeded: what it used takes the place of what was estimated.
     *
     * @param refunds whether less stays charged where less was used
     * @return how many tokens more, or fewer, are charged now
     */
    long used(Grant grant, TokenUsage usage, boolean refunds, long now) {
        counted(grant, now);
        finished(grant, now);
        boolean learns = false;
        long difference = 0;
        for (CountedLimit limit : limits) {
            if (grant.isChargedTo(limit.index())) {
                learns |= limit.learns();
                long more = limit.settle(grant, usage, refunds, now);
                difference = limit.index() == Grant.TOKENS ? more : difference;
            }
        }
        if (learns && usage.hasOutput()) {
            expected.learn(usage.outputOr(0));
        }
        return difference;
    }

    /** The provider refused the call: its requests stay charged, its tokens as is said. */
    void refused(Grant grant, boolean refunds, long now) {
        counted(grant, now);
        finished(grant, now);
        for (CountedLimit limit : limits) {
            if (grant.isChargedTo(limit.index())) {
                limit.settle(grant, refunds && limit.name().isOfTokens() ? 0 : grant.charged(limit.index()));
            }
        }
    }

    /** The whole charge stays for good, and whether the provider has counted it is not known. */
    void kept(Grant grant, long now) {
        boolean opened = grant.isOpen();
        grant.kept = opened;
        for (CountedLimit limit : limits) {
            if (!grant.isChargedTo(limit.index())) {
                continue;
            }
            if (opened) {
                limit.keepOpen(grant);
            } else {
                limit.finish(grant, now);
                limit.settle(grant, grant.charged(limit.index()));
            }
        }
    }

    /** Gives everything back. */
    void abandoned(Grant grant) {
        boolean opened = grant.isOpen();
        if (opened) {
            open.remove(grant);
        }
        for (CountedLimit limit : limits) {
            if (grant.isChargedTo(limit.index())) {
                limit.abandon(grant, opened);
            }
        }
    }

    /** What part of its limits a call was charged that was admitted just now. */
    double cost(Grant grant) {
        return CallCost.of(grant, limits);
    }

    // ---- what counts ----

    long charged(RateLimit name) {
        CountedLimit limit = find(name);
        return limit == null ? 0 : limit.charged();
    }

    long requests() {
        return limits[Grant.REQUESTS].charged();
    }

    long tokens() {
        return limits[Grant.TOKENS].charged();
    }

    /** What the limits beyond requests and tokens have charged, those that are in force. */
    Map<RateLimit, Long> further() {
        if (limits.length == 2) {
            return Map.of();
        }
        Map<RateLimit, Long> further = new EnumMap<>(RateLimit.class);
        for (int i = 2; i < limits.length; i++) {
            if (limits[i].isInForce()) {
                further.put(limits[i].name(), limits[i].charged());
            }
        }
        return further;
    }

    /** Whether nothing is charged, and nothing remembered of what was. */
    boolean isIdle() {
        for (CountedLimit limit : limits) {
            if (!limit.isIdle()) {
                return false;
            }
        }
        return open.isEmpty();
    }

    boolean fits(TokenEstimate estimate) {
        for (CountedLimit limit : limits) {
            if (!limit.fits(estimate)) {
                return false;
            }
        }
        return requestLog.span().sum() + limits[Grant.REQUESTS].openCharges() < burst.requests();
    }

    /** The first limit that is less than what a request is sure to be charged; null where none is. */
    @Nullable
    CountedLimit tooSmallFor(TokenEstimate estimate, Oversize oversize) {
        for (CountedLimit limit : limits) {
            long sure = limit.sure(estimate);
            if (limit.isInForce()
                    && sure > limit.effective()
                    && (sure > limit.hard()
                            || (oversize == Oversize.STRICT && limit.name().isOfTokens()))) {
                return limit;
            }
        }
        return null;
    }

    // ---- when there will be room ----

    /** When to look for room again, if nothing is charged or given back. */
    long freeAt(TokenEstimate estimate, long now) {
        long at = freeAt(requestLog.span(), burst.requests() - 1, limits[Grant.REQUESTS].openCharges(), now);
        for (CountedLimit limit : limits) {
            at = Math.max(at, limit.freeAt(estimate, open.earliest(), now));
        }
        return at;
    }

    private long freeAt(RollingLog.Trailing log, long most, long opened, long now) {
        return opened <= most ? log.freeAt(most - opened, now) : open.earliest() + log.length();
    }

    /** Before when there cannot be room, whatever is given back until then. */
    long freeAtBest(TokenEstimate estimate, long now) {
        RollingLog.Trailing span = requestLog.span();
        long kept = limits[Grant.REQUESTS].openKept();
        long most = burst.requests() - 1;
        long at = kept <= most ? span.freeAtBest(most - kept, now) : now + span.length();
        for (CountedLimit limit : limits) {
            at = Math.max(at, limit.freeAtBest(estimate, now));
        }
        return at;
    }

    /** When a call will probably have found room behind so many others. */
    long likelyAt(TokenEstimate estimate, long requestsAhead, long tokensAhead, long now) {
        long at = afterBurst(requestsAhead + 1, now);
        for (CountedLimit limit : limits) {
            at = Math.max(at, limit.likelyAt(estimate, requestsAhead, tokensAhead, now));
        }
        return at;
    }

    private long afterBurst(long demand, long now) {
        RollingLog.Trailing span = requestLog.span();
        long spans = (demand - 1) / burst.requests();
        long most = burst.requests() - (demand - spans * burst.requests()) - limits[Grant.REQUESTS].openCharges();
        return CountedLimit.later(most >= 0 ? span.freeAt(most, now) : now + span.length(), spans, span.length());
    }

    // ---- across restarts ----

    List<RateLimitState.Charge> chargesAt(RateLimit name, long now, Instant instant) {
        CountedLimit limit = find(name);
        return limit == null ? List.of() : chargesAt(limit, now, instant);
    }

    Map<RateLimit, List<RateLimitState.Charge>> furtherAt(long now, Instant instant) {
        Map<RateLimit, List<RateLimitState.Charge>> further = new EnumMap<>(RateLimit.class);
        for (RateLimit name : RateLimit.FURTHER) {
            List<RateLimitState.Charge> charges = chargesAt(name, now, instant);
            if (!charges.isEmpty()) {
                further.put(name, charges);
            }
        }
        return further;
    }

    /** One that is open stands there with the instant from which it ages at the latest, one that is unfinished with now. */
    private List<RateLimitState.Charge> chargesAt(CountedLimit limit, long now, Instant instant) {
        List<RateLimitState.Charge> all = new ArrayList<>(limit.log().charges(now, instant));
        long unfinished = limit.unfinished();
        if (limit.openCharges() > 0) {
            for (Grant grant : open.entries()) {
                if (grant.isChargedTo(limit.index())) {
                    add(all, instant.plusNanos(grant.due() - now), limit.openChargeOf(grant));
                }
            }
        }
        add(all, instant, unfinished);
        return all;
    }

    private static void add(List<RateLimitState.Charge> all, Instant at, long charged) {
        if (charged > 0) {
            all.add(new RateLimitState.Charge(at, Math.min(charged, RateLimitProfile.MAX_LIMIT)));
        }
    }

    void restore(RateLimitState known, long now, Instant instant) {
        for (CountedLimit limit : limits) {
            limit.log().restore(known.charges(limit.name()), known.at(), now, instant);
        }
    }
}
