package io.sluice.bench.pacing;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Two rate limiters of Resilience4j, one for requests and, if wanted, one for tokens with as many permits as a call costs. */
final class Resilience4j implements Strategy {

    private final boolean withTokens;

    Resilience4j(boolean withTokens) {
        this.withTokens = withTokens;
    }

    @Override
    public String name() {
        return withTokens ? "Resilience4j, requests and tokens" : "Resilience4j, requests";
    }

    @Override
    public Mono<Void> run(Work work, Caller caller) {
        RateLimiter requests = limiter("requests", (int) Work.REQUESTS);
        RateLimiter tokens = limiter("tokens", (int) Work.TOKENS);
        return Flux.range(0, Work.CALLS)
                .flatMap(
                        number -> {
                            long cost = work.costs().get(number);
                            Mono<?> call = Mono.defer(() -> caller.call(number, cost));
                            if (withTokens) {
                                call = call.transformDeferred(RateLimiterOperator.of(tokens, (int) cost));
                            }
                            return call.transformDeferred(RateLimiterOperator.of(requests))
                                    .retryWhen(Strategy.usualRetry());
                        },
                        Work.CALLS)
                .then();
    }

    private static RateLimiter limiter(String name, int limit) {
        return RateLimiter.of(
                name,
                RateLimiterConfig.custom()
                        .limitForPeriod(limit)
                        .limitRefreshPeriod(Work.WINDOW)
                        .timeoutDuration(Duration.ofMinutes(10))
                        .build());
    }
}
