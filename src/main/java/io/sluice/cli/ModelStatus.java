package io.sluice.cli;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.ratelimit.RateLimitSnapshot;
import io.sluice.store.file.SavedState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a model stands: its limits, and what the state file says of their use as of now. Calls in flight, the cap and the
 * averages are as they were saved.
 *
 * @param limits the limits, unused
 * @param saved what was saved; null where nothing was
 * @param now when
 */
record ModelStatus(RateLimitSnapshot limits, @Nullable SavedState saved, Instant now) {

    /**
     * @param profile the limits that the project declares; null where it declares none
     * @param saved what the state file says of it; null where it says nothing
     * @return null where nobody knows of any limits
     */
    static @Nullable ModelStatus of(
            ModelKey key, @Nullable RateLimitProfile profile, @Nullable SavedState saved, Instant now) {
        RateLimitProfile inForce = profile;
        // While what was charged still counts, so do the limits that it was charged under.
        if (saved != null && (profile == null || saved.age(now).compareTo(saved.window()) < 0)) {
            RateLimitProfile then = saved.limits();
            boolean ofThisModel =
                    then != null && RateLimitProfiles.none().with(then).find(key) != null;
            inForce = ofThisModel ? then : profile;
        }
        return inForce == null ? null : new ModelStatus(unused(key, inForce), saved, now);
    }

    private static RateLimitSnapshot unused(ModelKey key, RateLimitProfile profile) {
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none().with(profile))
                .build();
        try {
            return limiter.snapshot(key);
        } finally {
            limiter.dispose();
        }
    }

    long requests() {
        return saved == null ? limits.requests() : saved.requests(now);
    }

    long tokens() {
        return saved == null ? limits.tokens() : saved.tokens(now);
    }

    double requestUtilization() {
        return limits.rpmLimit() == null ? 0 : (double) requests() / (double) limits.effectiveRpm();
    }

    double tokenUtilization() {
        return limits.tpmLimit() == null ? 0 : (double) tokens() / (double) limits.effectiveTpm();
    }

    double averageRequests() {
        return saved == null ? limits.averageRequests() : saved.state().averageRequests();
    }

    double averageTokens() {
        return saved == null ? limits.averageTokens() : saved.state().averageTokens();
    }

    int inFlight() {
        return saved == null ? limits.inFlight() : saved.state().inFlight();
    }

    int cap() {
        return saved == null || saved.state().concurrencyCap() == 0
                ? limits.currentConcurrencyCap()
                : saved.state().concurrencyCap();
    }

    /** How long calls are still held back; null where they are not. */
    @Nullable
    Duration pause() {
        Instant until = saved == null ? null : saved.state().pausedUntil();
        return until != null && until.isAfter(now) ? Duration.between(now, until) : null;
    }
}
