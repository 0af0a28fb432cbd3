package io.sluice.ratelimit;

import io.sluice.failure.FailureClassifier;
import io.sluice.failure.StatedLimit;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ledger in memory: exact rolling windows and the adaptive cap of one key. Plain and single-threaded. */
final class KeyLedger implements PermitLedger {

    /** The share of the newest sample in the mean duration of calls. */
    private static final double DURATION_WEIGHT = 0.25;

    /** A clock that was set back must not make a pause of an earlier process endless. */
    private static final long LONGEST_PAUSE = FailureClassifier.DEFAULT_MAX_WAIT.toNanos();

    private final ModelKey key;
    private final long window;
    private final Charges charges;
    private final DecayingCount average;
    private final ConcurrencyCap cap;

    private RateLimitProfile profile;
    private int rateLimitsInARow;
    private long pausedUntil = Long.MIN_VALUE;
    /** When a call last asked, was admitted, or ended. */
    private long usedAt;

    /** The newest call whose answer stated limits; what an older one says is out of date. */
    private long newestStated;

    private double meanDuration;

    KeyLedger(
            ModelKey key,
            RateLimitProfile profile,
            long windowNanos,
            int restoreAfterSuccesses,
            InstantSource clock,
            long now) {
        this.key = key;
        this.profile = profile;
        this.window = windowNanos;
        this.charges = new Charges(key, profile, windowNanos, clock, now);
        this.usedAt = now;
        this.average = new DecayingCount(windowNanos);
        this.cap = new ConcurrencyCap(profile.concurrencyCap(), profile.maxConcurrency(), restoreAfterSuccesses);
    }

    @Override
    public @Nullable Grant tryTake(Ask ask, long now) {
        boolean needsSlot = ask.needsSlot();
        if ((needsSlot && !cap.hasFreeSlot()) || !fits(ask, now)) {
            return null;
        }
        Grant grant = ask.newGrant();
        grant.grantedAt = now;
        Duration skew = profile.skew();
        charges.charge(grant, now + (skew != null ? skew : ask.skew()).toNanos(), now);
        grant.generation = cap.generation();
        grant.holdsSlot = needsSlot;
        if (needsSlot) {
            cap.take();
        }
        average.charge(now, 1, grant.charged(Grant.TOKENS));
        return grant;
    }

    @Override
    public @Nullable RequestTooLargeException tooLarge(Ask ask) {
        CountedLimit limit = charges.tooSmallFor(ask.estimate(), profile.oversize());
        return limit == null
                ? null
                : new RequestTooLargeException(ask.key(), profile, limit.name(), limit.sure(ask.estimate()));
    }

    @Override
    public double cost(Grant grant) {
        return charges.cost(grant);
    }

    @Override
    public boolean fits(Ask ask, long now) {
        expire(now);
        usedAt = now;
        return now >= pausedUntil && charges.fits(ask.estimate());
    }

    @Override
    public long readyAt(Ask ask, long now) {
        expire(now);
        return Math.max(charges.freeAt(ask.estimate(), now), pausedUntil);
    }

    @Override
    public long readyAtBest(Ask ask, long now) {
        expire(now);
        return Math.max(charges.freeAtBest(ask.estimate(), now), pausedUntil);
    }

    @Override
    public long readyAtLikely(Ask ask, long requestsAhead, long tokensAhead, long now) {
        expire(now);
        long byWindows = charges.likelyAt(ask.estimate(), requestsAhead, tokensAhead, now);
        long turns = ask.needsSlot() ? Math.max(0, cap.inFlight() + requestsAhead + 1 - cap.cap()) : 0;
        long bySlots = now + (long) (meanDuration * (double) turns / (double) cap.cap());
        return Math.max(Math.max(bySlots, pausedUntil), byWindows);
    }

    @Override
    public void succeeded(Grant grant, TokenUsage usage, boolean binding, long now) {
        expire(now);
        cap.succeeded(grant.generation, binding);
        if (grant.generation == cap.generation()) {
            rateLimitsInARow = 0;
        }
        boolean refunds = profile.refundPolicyFor(key) == RefundPolicy.REFUND_UNUSED;
        long difference = charges.used(grant, usage, refunds, now);
        if (difference > 0) {
            average.charge(now, 0, difference);
        } else if (difference < 0) {
            average.refund(now, grant.grantedAt, 0, -difference);
        }
        ended(grant, now);
    }

    @Override
    public void rateLimited(Grant grant, long pauseNanos, boolean hinted, long now) {
        expire(now);
        boolean news = cap.rateLimited(grant.generation);
        if (news) {
            rateLimitsInARow++;
        }
        if (news || hinted) {
            pausedUntil = Math.max(pausedUntil, now + pauseNanos);
        }
        charges.refused(grant, profile.refundRefused(), now);
        if (profile.refundRefused()) {
            average.refund(now, grant.grantedAt, 0, grant.charged(Grant.TOKENS));
        }
        ended(grant, now);
    }

    @Override
    public boolean isOutOfDate(Grant grant) {
        return grant.order() < newestStated;
    }

    @Override
    public void stated(Grant grant, List<StatedLimit> limits, long now) {
        newestStated = grant.order();
        expire(now);
        for (StatedLimit stated : limits) {
            RateLimit name = RateLimit.of(stated, Duration.ofNanos(window));
            CountedLimit limit = name == null ? null : charges.find(name);
            if (limit != null && limit.isInForce() && grant.isChargedTo(limit.index())) {
                limit.chargeMore(usedByOthers(limit.hard(), limit.chargedFrom(grant), stated), now);
            }
        }
    }

    /**
     * The provider counted the call somewhere between its grant and now. So what it had counted of ours is at most what
     * counted at the grant and what was charged since.
     */
    private static long usedByOthers(long limit, long ours, StatedLimit stated) {
        if (!stated.hasRemaining()) {
            return 0;
        }
        // A profile may allow more than the provider; the difference is nobody's use.
        long allowed = stated.hasLimit() ? Math.min(limit, stated.limit()) : limit;
        return Math.max(0, allowed - ours - stated.remainingAtMost());
    }

    @Override
    public void answered(Grant grant, long since, long now) {
        expire(now);
        charges.counted(grant, Math.max(grant.grantedAt, since));
    }

    @Override
    public void kept(Grant grant, long now) {
        expire(now);
        charges.kept(grant, now);
        ended(grant, now);
    }

    @Override
    public void abandoned(Grant grant, long now) {
        expire(now);
        charges.abandoned(grant);
        average.refund(now, grant.grantedAt, 1, grant.charged(Grant.TOKENS));
        giveBackSlot(grant, now);
    }

    private void ended(Grant grant, long now) {
        double duration = (double) (now - grant.grantedAt);
        meanDuration = meanDuration == 0 ? duration : meanDuration + DURATION_WEIGHT * (duration - meanDuration);
        giveBackSlot(grant, now);
    }

    @Override
    public void reclaim(Grant grant, long now) {
        expire(now);
        charges.reclaimed(grant, now);
        giveBackSlot(grant, now);
    }

    private void giveBackSlot(Grant grant, long now) {
        usedAt = now;
        if (grant.holdsSlot) {
            grant.holdsSlot = false;
            cap.giveBack();
        }
    }

    @Override
    public void update(RateLimitProfile changed, long now) {
        expire(now);
        profile = changed;
        charges.update(changed, now);
        cap.update(changed.concurrencyCap(), changed.maxConcurrency());
    }

    @Override
    public boolean lacksOnlySlot(Ask ask, long now) {
        return ask.needsSlot() && !cap.hasFreeSlot() && fits(ask, now);
    }

    @Override
    public int cap() {
        return cap.cap();
    }

    @Override
    public int generation() {
        return cap.generation();
    }

    @Override
    public long pausedUntil() {
        return pausedUntil;
    }

    @Override
    public int rateLimitsInARow() {
        return rateLimitsInARow;
    }

    @Override
    public LedgerView view(long now) {
        expire(now);
        return new LedgerView(
                profile,
                charges.requests(),
                charges.tokens(),
                average.requests(now),
                average.tokens(now),
                cap.cap(),
                cap.inFlight(),
                pausedUntil > now ? pausedUntil - now : 0,
                charges.further());
    }

    @Override
    public RateLimitState state(long now, Instant instant) {
        expire(now);
        return new RateLimitState(
                key,
                instant,
                charges.chargesAt(RateLimit.RPM, now, instant),
                charges.chargesAt(RateLimit.TPM, now, instant),
                cap.cap(),
                cap.streak(),
                cap.inFlight(),
                average.requests(now),
                average.tokens(now),
                pausedUntil > now ? instant.plusNanos(pausedUntil - now) : null,
                charges.furtherAt(now, instant),
                profile.pool());
    }

    @Override
    public void restore(RateLimitState known, long now, Instant instant) {
        charges.restore(known, now, instant);
        cap.restore(known.concurrencyCap(), known.successStreak());
        long ago = known.at().isBefore(instant) ? TimeSource.after(0, Duration.between(known.at(), instant)) : 0;
        average.restore(now, known.averageRequests(), known.averageTokens(), ago);
        Instant pause = known.pausedUntil();
        if (pause != null && pause.isAfter(instant)) {
            pausedUntil = now + Math.min(TimeSource.after(0, Duration.between(instant, pause)), LONGEST_PAUSE);
        }
    }

    @Override
    public boolean isIdle(long now, long unusedFor) {
        expire(now);
        return now - usedAt >= unusedFor && now >= pausedUntil && cap.inFlight() == 0 && charges.isIdle();
    }

    private void expire(long now) {
        charges.expire(now);
    }
}
