package io.sluice.bench.costs;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.time.Duration;
import reactor.core.scheduler.Scheduler;

/** Limits that are kept and never reached, in all libraries: what is measured is the keeping. */
final class Unlimited {

    /** As much as any of them can count in a second; Bucket4j refuses more than one a nanosecond. */
    static final int A_SECOND = 1_000_000_000;

    static final int CONCURRENCY = 64;
    static final int TOKENS = 100;
    static final ModelKey KEY = ModelKey.of("bench", "model");
    static final PermitRequest REQUEST = PermitRequest.of(KEY, TokenEstimate.of(TOKENS, 0));
    static final TokenUsage USED = TokenUsage.of(TOKENS - 10, 0);

    private Unlimited() {}

    static ModelRateLimiter limiter() {
        return builder().build();
    }

    static ModelRateLimiter limiter(Scheduler scheduler) {
        return builder().scheduler(scheduler).build();
    }

    private static ModelRateLimiter.Builder builder() {
        RateLimitProfile profile = RateLimitProfile.builder(KEY)
                .rpm(60L * A_SECOND)
                .tpm(60L * A_SECOND * TOKENS)
                .utilizationTarget(1)
                .concurrency(CONCURRENCY)
                .build();
        return ModelRateLimiter.builder().profiles(RateLimitProfiles.none().with(profile));
    }

    static Bucket bucket() {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(A_SECOND)
                        .refillGreedy(A_SECOND, Duration.ofSeconds(1))
                        .build())
                .build();
    }

    static RateLimiter rateLimiter() {
        return RateLimiter.of(
                "bench",
                RateLimiterConfig.custom()
                        .limitForPeriod(A_SECOND)
                        .limitRefreshPeriod(Duration.ofSeconds(1))
                        .timeoutDuration(Duration.ofMinutes(5))
                        .build());
    }

    static Bulkhead bulkhead() {
        return Bulkhead.of(
                "bench", BulkheadConfig.custom().maxConcurrentCalls(CONCURRENCY).build());
    }
}
