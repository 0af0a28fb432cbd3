package io.sluice.stress;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.testing.ManualClock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.BaseSubscriber;

/** A limiter of one call at a time, whose only permit is taken, and one caller who waits for it. */
class OneSlot {

    static final ModelKey KEY = ModelKey.of("stress", "model");
    static final Duration TIMEOUT = Duration.ofMillis(1);
    static final PermitRequest REQUEST =
            PermitRequest.of(KEY, TokenEstimate.of(10, 0)).timeout(TIMEOUT);

    final ManualClock clock = new ManualClock();
    final ModelRateLimiter limiter = limiter(clock, 1);
    final Permit taken = Objects.requireNonNull(limiter.acquire(REQUEST).block());
    final Caller caller = new Caller();

    static ModelRateLimiter limiter(ManualClock clock, int concurrency) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none().with(profile(concurrency)))
                .scheduler(clock)
                .random(() -> 0)
                .build();
    }

    static RateLimitProfile profile(int concurrency) {
        return RateLimitProfile.builder(KEY)
                .rpm(1_000)
                .tpm(100_000)
                .utilizationTarget(1)
                .concurrency(concurrency)
                .build();
    }

    /** Begins to wait. */
    final void ask() {
        limiter.acquire(REQUEST).subscribe(caller);
    }

    /** What was handed over is told. */
    final void handOver() {
        clock.advance(Duration.ZERO);
    }

    final int inFlight() {
        return limiter.snapshot(KEY).inFlight();
    }

    /** Counts what it is told. */
    static final class Caller extends BaseSubscriber<Permit> {

        final AtomicInteger permits = new AtomicInteger();
        final AtomicInteger errors = new AtomicInteger();
        volatile @Nullable Permit permit;

        @Override
        protected void hookOnNext(Permit granted) {
            permit = granted;
            permits.incrementAndGet();
        }

        @Override
        protected void hookOnError(Throwable error) {
            errors.incrementAndGet();
        }
    }
}
