package io.sluice.cli;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimit;
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
            boolean ofThisModel = then != null
                    && ((then.pool() != null && then.pool().equals(saved.state().pool()))
                            || RateLimitProfiles.none().with(then).find(key) != null);
            inForce = ofThisModel ? then : profile;
        }
        return inForce == null ? null : new ModelStatus(unused(key, inForce), saved, now);
    }

    private static RateLimitSnapshot unused(ModelKey key, RateLimitProfile profile) {
        return new RateLimitSnapshot(
                key, profile, 0, 0, 0, 0, profile.concurrencyCap(), 0, 0, Duration.ZERO, Duration.ZERO);
    }

    long requests() {
        return saved == null ? limits.requests() : saved.requests(now);
    }

    long tokens() {
        return saved == null ? limits.tokens() : saved.tokens(now);
    }

    /** What is charged to one of the limits. */
    long charged(RateLimit limit) {
        return saved == null ? limits.charged(limit) : saved.charged(limit, now);
    }

    /** What is charged to a limit, as a share of what is in use. */
    double utilization(RateLimit limit) {
        RateLimitProfile profile = limits.profile();
        return profile.limit(limit) == null ? 0 : (double) charged(limit) / (double) profile.effective(limit);
    }

    double requestUtilization() {
        return utilization(RateLimit.RPM);
    }

    double tokenUtilization() {
        return utilization(RateLimit.TPM);
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
