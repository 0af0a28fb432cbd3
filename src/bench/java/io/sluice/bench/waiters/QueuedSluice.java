package io.sluice.bench.waiters;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.time.Duration;
import java.util.Objects;
import org.reactivestreams.Publisher;

/** Waits for the only slot. Every waiter has a deadline; there is no other. */
final class QueuedSluice implements Queued {

    private static final ModelKey KEY = ModelKey.of("bench", "model");
    private static final PermitRequest REQUEST =
            PermitRequest.of(KEY, TokenEstimate.of(1, 0)).timeout(Duration.ofHours(1));

    private final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none().with(profile(1)))
            .maxPending(2 * MillionWaiters.MANY)
            .build();
    private final Permit taken = Objects.requireNonNull(limiter.acquire(REQUEST).block());

    private static RateLimitProfile profile(int concurrency) {
        return RateLimitProfile.builder(KEY)
                .rpm(100L * MillionWaiters.MANY)
                .utilizationTarget(1)
                .concurrency(concurrency)
                .build();
    }

    @Override
    public String name() {
        return "Sluice, each with a deadline";
    }

    @Override
    public Publisher<?> call() {
        return limiter.acquire(REQUEST);
    }

    @Override
    public void open() {
        limiter.update(profile(2 * MillionWaiters.MANY));
    }

    @Override
    public long free() {
        var snapshot = limiter.snapshot(KEY);
        return snapshot.currentConcurrencyCap() - snapshot.inFlight();
    }

    @Override
    public Long waiting() {
        return (long) limiter.snapshot(KEY).pending();
    }

    @Override
    public void close() {
        taken.release();
        limiter.dispose();
    }
}
