package io.sluice.bench.waiters;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Waits for the next period of Resilience4j's RateLimiter. */
final class QueuedResilience4j implements Queued {

    private final RateLimiter limiter = RateLimiter.of(
            "bench",
            RateLimiterConfig.custom()
                    .limitForPeriod(MillionWaiters.MANY)
                    .limitRefreshPeriod(MillionWaiters.PERIOD)
                    .timeoutDuration(Duration.ofHours(1))
                    .build());

    QueuedResilience4j() {
        if (!limiter.acquirePermission(MillionWaiters.MANY)) {
            throw new IllegalStateException("the first period must be free");
        }
    }

    @Override
    public String name() {
        return "Resilience4j RateLimiterOperator";
    }

    @Override
    public Publisher<?> call() {
        return Mono.just("answer").transformDeferred(RateLimiterOperator.of(limiter));
    }

    /** The next period begins by itself. */
    @Override
    public void open() {}

    @Override
    public long free() {
        return limiter.getMetrics().getAvailablePermissions();
    }

    @Override
    public @Nullable Long waiting() {
        return null;
    }

    @Override
    public void close() {}
}
