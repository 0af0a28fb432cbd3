package io.sluice.ratelimit;

import io.sluice.failure.FailureClassifier;
import io.sluice.failure.LimitKind;
import io.sluice.failure.StatedLimit;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
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
    private BurstLimit burst;
    private int rateLimitsInARow;
    private long pausedUntil = Long.MIN_VALUE;
    private long admitted;
    /** The newest call whose answer stated limits; what an older one says is out of date. */
    private long newestStated;

    private double meanDuration;

    KeyLedger(ModelKey key, RateLimitProfile profile, long windowNanos, int restoreAfterSuccesses) {
        this.key = key;
        this.profile = profile;
        this.window = windowNanos;
        this.burst = BurstLimit.of(profile, windowNanos);
        this.charges = new Charges(windowNanos);
        charges.burstsOver(burst.nanos(), 0);
        this.average = new DecayingCount(windowNanos);
        this.cap = new ConcurrencyCap(profile.concurrencyCap(), profile.maxConcurrency(), restoreAfterSuccesses);
    }

    @Override
    public @Nullable Grant tryTake(Ask ask, long now) {
        boolean needsSlot = ask.needsSlot();
        if ((needsSlot && !cap.hasFreeSlot()) || !fits(ask, now)) {
            return null;
        }
        long need = ask.estimate().total();
        Grant grant = ask.newGrant();
        grant.order = ++admitted;
        grant.grantedAt = now;
        Duration skew = profile.skew();
        charges.charge(grant, now + (skew != null ? skew : ask.skew()).toNanos(), now);
        grant.generation = cap.generation();
        grant.holdsSlot = needsSlot;
        if (needsSlot) {
            cap.take();
        }
        average.charge(now, 1, need);
        return grant;
    }

    @Override
    public @Nullable RequestTooLargeException tooLarge(Ask ask) {
        Long hard = profile.tpm();
        long need = ask.estimate().total();
        if (hard == null || need <= profile.effectiveTpm()) {
            return null;
        }
        if (need <= hard && profile.oversize() == Oversize.ADMIT_ALONE) {
            return null;
        }
        return new RequestTooLargeException(key, profile, need, hard);
    }

    @Override
    public boolean fits(Ask ask, long now) {
        expire(now);
        return now >= pausedUntil
                && charges.requests() < profile.effectiveRpm()
                && charges.burst() < burst.requests()
                && charges.tokens() <= mostTokensBefore(ask.estimate().total());
    }

    @Override
    public long readyAt(Ask ask, long now) {
        expire(now);
        long byWindows = charges.freeAt(
                profile.effectiveRpm() - 1,
                burst.requests() - 1,
                mostTokensBefore(ask.estimate().total()),
                now);
        return Math.max(byWindows, pausedUntil);
    }

    @Override
    public long readyAtBest(Ask ask, long now) {
        expire(now);
        long byWindows = charges.freeAtBest(
                profile.effectiveRpm() - 1,
                burst.requests() - 1,
                mostTokensBefore(ask.estimate().total()),
                now);
        return Math.max(byWindows, pausedUntil);
    }

    @Override
    public long readyAtLikely(Ask ask, long requestsAhead, long tokensAhead, long now) {
        expire(now);
        long need = ask.estimate().total();
        long byRequests = Math.max(
                charges.afterRequests(profile.effectiveRpm(), requestsAhead + 1, now),
                charges.afterBurst(burst.requests(), requestsAhead + 1, now));
        // One that is too large for the limit needs an empty window, as one of exactly the limit does.
        long share = Math.min(need, profile.effectiveTpm());
        long byTokens = need == 0 ? now : charges.afterTokens(profile.effectiveTpm(), tokensAhead + share, now);
        long turns = ask.needsSlot() ? Math.max(0, cap.inFlight() + requestsAhead + 1 - cap.cap()) : 0;
        long bySlots = now + (long) (meanDuration * (double) turns / (double) cap.cap());
        return Math.max(Math.max(bySlots, pausedUntil), Math.max(byRequests, byTokens));
    }

    /** The highest sum of tokens that leaves room for more; an oversized request needs an empty window. */
    private long mostTokensBefore(long need) {
        return need == 0 ? Long.MAX_VALUE : Math.max(0, profile.effectiveTpm() - need);
    }

    @Override
    public void succeeded(Grant grant, TokenUsage usage, boolean binding, long now) {
        expire(now);
        cap.succeeded(grant.generation, binding);
        if (grant.generation == cap.generation()) {
            rateLimitsInARow = 0;
        }
        long estimated = grant.estimate.total();
        long actual = usage.inputOr(grant.estimate.input()) + usage.outputOr(grant.estimate.maxOutput());
        boolean refunded = actual < estimated && profile.refundPolicyFor(key) == RefundPolicy.REFUND_UNUSED;
        charges.settled(grant, refunded ? actual : estimated, now);
        if (refunded) {
            average.refund(now, grant.grantedAt, 0, estimated - actual);
        } else if (actual > estimated) {
            charges.chargeTokens(actual - estimated, now);
            average.charge(now, 0, actual - estimated);
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
        charges.settled(grant, profile.refundRefused() ? 0 : grant.estimate.total(), now);
        if (profile.refundRefused()) {
            average.refund(now, grant.grantedAt, 0, grant.estimate.total());
        }
        ended(grant, now);
    }

    @Override
    public boolean isOutOfDate(Grant grant) {
        return grant.order < newestStated;
    }

    @Override
    public void stated(Grant grant, List<StatedLimit> limits, long now) {
        newestStated = grant.order;
        expire(now);
        for (StatedLimit limit : limits) {
            if (limit.kind() == LimitKind.REQUESTS) {
                charges.chargeRequests(usedByOthers(profile.rpm(), charges.requestsFrom(grant), limit), now);
            } else if (limit.kind() == LimitKind.TOKENS) {
                charges.chargeTokens(usedByOthers(profile.tpm(), charges.tokensFrom(grant), limit), now);
            }
        }
    }

    /**
     * The provider counted the call somewhere between its grant and now. So what it had counted of ours is at most what
     * counted at the grant and what was charged since.
     */
    private static long usedByOthers(@Nullable Long limit, long ours, StatedLimit stated) {
        if (limit == null || !stated.hasRemaining()) {
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
        charges.kept(grant);
        ended(grant, now);
    }

    @Override
    public void abandoned(Grant grant, long now) {
        expire(now);
        charges.abandoned(grant);
        average.refund(now, grant.grantedAt, 1, grant.estimate.total());
        reclaim(grant);
    }

    private void ended(Grant grant, long now) {
        double duration = (double) (now - grant.grantedAt);
        meanDuration = meanDuration == 0 ? duration : meanDuration + DURATION_WEIGHT * (duration - meanDuration);
        reclaim(grant);
    }

    @Override
    public void reclaim(Grant grant) {
        if (grant.holdsSlot) {
            grant.holdsSlot = false;
            cap.giveBack();
        }
    }

    @Override
    public void update(RateLimitProfile changed, long now) {
        expire(now);
        profile = changed;
        burst = BurstLimit.of(changed, window);
        charges.burstsOver(burst.nanos(), now);
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
                pausedUntil > now ? pausedUntil - now : 0);
    }

    @Override
    public RateLimitState state(long now, Instant instant) {
        expire(now);
        return new RateLimitState(
                key,
                instant,
                charges.requestsAt(now, instant),
                charges.tokensAt(now, instant),
                cap.cap(),
                cap.streak(),
                cap.inFlight(),
                average.requests(now),
                average.tokens(now),
                pausedUntil > now ? instant.plusNanos(pausedUntil - now) : null);
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

    private void expire(long now) {
        charges.expire(now);
    }
}
