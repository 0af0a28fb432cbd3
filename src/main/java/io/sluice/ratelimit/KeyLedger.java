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
    private final RollingLog requests;
    private final RollingLog tokens;
    private final DecayingCount average;
    private final ConcurrencyCap cap;

    private RateLimitProfile profile;
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
        this.requests = new RollingLog(windowNanos);
        this.tokens = new RollingLog(windowNanos);
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
        grant.requestsGone = requests.gone();
        grant.tokensGone = tokens.gone();
        grant.requestSlot = requests.charge(now, 1);
        grant.tokenSlot = tokens.charge(now, need);
        grant.grantedAt = now;
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
                && requests.sum() <= mostRequestsBefore(1)
                && tokens.sum() <= mostTokensBefore(ask.estimate().total());
    }

    @Override
    public long readyAt(Ask ask, long now) {
        expire(now);
        long byWindows = Math.max(
                requests.freeAt(mostRequestsBefore(1), now),
                tokens.freeAt(mostTokensBefore(ask.estimate().total()), now));
        return Math.max(byWindows, pausedUntil);
    }

    @Override
    public long readyAtBest(Ask ask, long now) {
        expire(now);
        long byWindows = Math.max(
                requests.freeAtBest(mostRequestsBefore(1), now),
                tokens.freeAtBest(mostTokensBefore(ask.estimate().total()), now));
        return Math.max(byWindows, pausedUntil);
    }

    @Override
    public long readyAtLikely(Ask ask, long requestsAhead, long tokensAhead, long now) {
        expire(now);
        long need = ask.estimate().total();
        long byRequests = afterDemand(requests, profile.effectiveRpm(), requestsAhead + 1, now);
        // One that is too large for the limit needs an empty window, as one of exactly the limit does.
        long share = Math.min(need, profile.effectiveTpm());
        long byTokens = need == 0 ? now : afterDemand(tokens, profile.effectiveTpm(), tokensAhead + share, now);
        long turns = ask.needsSlot() ? Math.max(0, cap.inFlight() + requestsAhead + 1 - cap.cap()) : 0;
        long bySlots = now + (long) (meanDuration * (double) turns / (double) cap.cap());
        return Math.max(Math.max(bySlots, pausedUntil), Math.max(byRequests, byTokens));
    }

    /** Whole windows for what exceeds one, then the time at which the rest fits into what is charged now. */
    private long afterDemand(RollingLog log, long limit, long demand, long now) {
        long windows = (demand - 1) / limit;
        long rest = demand - windows * limit;
        double at = (double) log.freeAt(limit - rest, now) + (double) windows * (double) window;
        return at >= (double) Long.MAX_VALUE ? NEVER : (long) at;
    }

    /** The highest sum of requests that leaves room for more. */
    private long mostRequestsBefore(long need) {
        return profile.effectiveRpm() - need;
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
        if (actual <= estimated && profile.refundPolicyFor(key) == RefundPolicy.KEEP_ESTIMATE) {
            tokens.fix(grant.tokenSlot, estimated);
        } else if (actual <= estimated) {
            tokens.refund(grant.tokenSlot, estimated - actual);
            tokens.fix(grant.tokenSlot, actual);
            average.refund(now, grant.grantedAt, 0, estimated - actual);
        } else {
            tokens.fix(grant.tokenSlot, estimated);
            tokens.chargeFixed(now, actual - estimated);
            average.charge(now, 0, actual - estimated);
        }
        requests.fix(grant.requestSlot, 1);
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
        if (profile.refundRefused()) {
            tokens.refund(grant.tokenSlot, grant.estimate.total());
            average.refund(now, grant.grantedAt, 0, grant.estimate.total());
        } else {
            tokens.fix(grant.tokenSlot, grant.estimate.total());
        }
        requests.fix(grant.requestSlot, 1);
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
                chargeOthers(requests, profile.rpm(), grant.requestsGone, limit, now);
            } else if (limit.kind() == LimitKind.TOKENS) {
                chargeOthers(tokens, profile.tpm(), grant.tokensGone, limit, now);
            }
        }
    }

    /**
     * The provider counted the call somewhere between its grant and now. So what it had counted of ours is at most what
     * counted at the grant and what was charged since.
     */
    private static void chargeOthers(
            RollingLog log, @Nullable Long limit, long goneAtGrant, StatedLimit stated, long now) {
        if (limit == null || !stated.hasRemaining()) {
            return;
        }
        // A profile may allow more than the provider; the difference is nobody's use.
        long allowed = stated.hasLimit() ? Math.min(limit, stated.limit()) : limit;
        long leftByUs = allowed - (log.total() - goneAtGrant);
        long others = leftByUs - stated.remainingAtMost();
        if (others > 0) {
            log.chargeFixed(now, others);
        }
    }

    @Override
    public void kept(Grant grant, long now) {
        expire(now);
        tokens.fix(grant.tokenSlot, grant.estimate.total());
        requests.fix(grant.requestSlot, 1);
        ended(grant, now);
    }

    @Override
    public void abandoned(Grant grant, long now) {
        expire(now);
        requests.refund(grant.requestSlot, 1);
        tokens.refund(grant.tokenSlot, grant.estimate.total());
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
                requests.sum(),
                tokens.sum(),
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
                requests.charges(now, instant),
                tokens.charges(now, instant),
                cap.cap(),
                cap.streak(),
                cap.inFlight(),
                average.requests(now),
                average.tokens(now),
                pausedUntil > now ? instant.plusNanos(pausedUntil - now) : null);
    }

    @Override
    public void restore(RateLimitState known, long now, Instant instant) {
        requests.restore(known.requests(), now, instant);
        tokens.restore(known.tokens(), now, instant);
        cap.restore(known.concurrencyCap(), known.successStreak());
        long ago = known.at().isBefore(instant) ? TimeSource.after(0, Duration.between(known.at(), instant)) : 0;
        average.restore(now, known.averageRequests(), known.averageTokens(), ago);
        Instant pause = known.pausedUntil();
        if (pause != null && pause.isAfter(instant)) {
            pausedUntil = now + Math.min(TimeSource.after(0, Duration.between(instant, pause)), LONGEST_PAUSE);
        }
    }

    private void expire(long now) {
        requests.expire(now);
        tokens.expire(now);
    }
}
