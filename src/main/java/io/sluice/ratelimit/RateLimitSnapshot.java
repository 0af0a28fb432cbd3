package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a model stands at one moment. Taking a snapshot changes nothing.
 *
 * @param key the model that was asked for
 * @param profile the limits in force
 * @param requests requests charged in the window
 * @param tokens tokens charged in the window
 * @param averageRequests requests per window, averaged with a weight that fades by 1/e a window
 * @param averageTokens tokens per window, averaged likewise
 * @param currentConcurrencyCap how many calls may be in flight now
 * @param inFlight how many calls are in flight
 * @param pending how many calls wait for a permit
 * @param oldestWait how long the first of them has waited; zero where none waits
 * @param pause how long no call is admitted because the provider refused one; zero where there is no pause
 * @param further what is charged to the limits beyond those on requests and tokens a window, of those that there are
 */
public record RateLimitSnapshot(
        ModelKey key,
        RateLimitProfile profile,
        long requests,
        long tokens,
        double averageRequests,
        double averageTokens,
        int currentConcurrencyCap,
        int inFlight,
        int pending,
        Duration oldestWait,
        Duration pause,
        Map<RateLimit, Long> further) {

    /** Copies the map. */
    public RateLimitSnapshot {
        further = Map.copyOf(further);
    }

    /** How a model stands that has limits on requests and tokens a window alone. */
    public RateLimitSnapshot(
            ModelKey key,
            RateLimitProfile profile,
            long requests,
            long tokens,
            double averageRequests,
            double averageTokens,
            int currentConcurrencyCap,
            int inFlight,
            int pending,
            Duration oldestWait,
            Duration pause) {
        this(
                key,
                profile,
                requests,
                tokens,
                averageRequests,
                averageTokens,
                currentConcurrencyCap,
                inFlight,
                pending,
                oldestWait,
                pause,
                Map.of());
    }

    /** What is charged to a limit; 0 where there is no such limit. */
    public long charged(RateLimit limit) {
        return switch (limit) {
            case RPM -> requests;
            case TPM -> tokens;
            default -> further.getOrDefault(limit, 0L);
        };
    }

    /** What is charged to a limit as a share of what is in use; 0 without a limit, above 1 while there is debt. */
    public double utilization(RateLimit limit) {
        return profile.limit(limit) == null ? 0 : (double) charged(limit) / (double) profile.effective(limit);
    }

    /** The same, of another model of the same pool. */
    RateLimitSnapshot of(ModelKey other) {
        return new RateLimitSnapshot(
                other,
                profile,
                requests,
                tokens,
                averageRequests,
                averageTokens,
                currentConcurrencyCap,
                inFlight,
                pending,
                oldestWait,
                pause,
                further);
    }

    /** Requests per window, the provider's number; null where there is no such limit. */
    public @Nullable Long rpmLimit() {
        return profile.rpm();
    }

    /** Tokens per window, the provider's number; null where there is no such limit. */
    public @Nullable Long tpmLimit() {
        return profile.tpm();
    }

    /** How many requests a window may hold; the largest long where there is no limit. */
    public long effectiveRpm() {
        return profile.effectiveRpm();
    }

    /** How many tokens a window may hold; the largest long where there is no limit. */
    public long effectiveTpm() {
        return profile.effectiveTpm();
    }

    /** Requests charged as a share of the effective limit; 0 without a limit, above 1 while there is debt. */
    public double requestUtilization() {
        return utilization(RateLimit.RPM);
    }

    /** Tokens charged as a share of the effective limit; 0 without a limit, above 1 while there is debt. */
    public double tokenUtilization() {
        return utilization(RateLimit.TPM);
    }

    /** How many calls may be in flight at first, and after recovery. */
    public int baseConcurrencyCap() {
        return profile.concurrencyCap();
    }
}
