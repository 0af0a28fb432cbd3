package io.sluice.bench.costs;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import io.github.resilience4j.reactor.retry.RetryOperator;
import io.github.resilience4j.reactor.timelimiter.TimeLimiterOperator;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.governor.Governor;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.retry.ProviderRetry;
import java.time.Duration;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.publisher.Mono;

/** A call with everything around it: limiter, breaker, retry, deadline. */
@State(Scope.Benchmark)
public class GovernedCosts {

    private static final Duration ATTEMPT = Duration.ofSeconds(60);

    private final Call<String> call =
            Call.of(Unlimited.KEY, "prompt", TokenEstimate.of(Unlimited.TOKENS, 0));

    private ModelRateLimiter limiter;
    private Governor governor;
    private RateLimiter resilienceLimiter;
    private Bulkhead bulkhead;
    private CircuitBreaker circuitBreaker;
    private Retry retry;
    private TimeLimiter timeLimiter;

    @Setup
    public void build() {
        limiter = Unlimited.limiter();
        governor = Governor.builder()
                .limiter(limiter)
                .breakers(CircuitBreakerConfig.DEFAULT)
                .retry(ProviderRetry.attempts(3))
                .deadline(Deadline.attempt(ATTEMPT).total(Duration.ofMinutes(10)))
                .build();
        resilienceLimiter = Unlimited.rateLimiter();
        bulkhead = Unlimited.bulkhead();
        circuitBreaker = CircuitBreaker.ofDefaults("bench");
        retry = Retry.ofDefaults("bench");
        timeLimiter = TimeLimiter.of(ATTEMPT);
    }

    @TearDown
    public void close() {
        limiter.dispose();
    }

    /** Whoever hears the answer, for each thread. */
    @State(Scope.Thread)
    public static class Caller {
        final Told<Object> told = new Told<>();
    }

    @Benchmark
    public Object sluiceGoverned(Caller caller) {
        return caller.told.to(governor.govern(call, attempt -> Mono.just("answer")));
    }

    private Mono<String> withoutTimeLimiter() {
        return Mono.just("answer")
                .transformDeferred(RateLimiterOperator.of(resilienceLimiter))
                .transformDeferred(BulkheadOperator.of(bulkhead))
                .transformDeferred(CircuitBreakerOperator.of(circuitBreaker));
    }

    @Benchmark
    public Object resilience4jStack(Caller caller) {
        return caller.told.to(withoutTimeLimiter()
                .transformDeferred(TimeLimiterOperator.of(timeLimiter))
                .transformDeferred(RetryOperator.of(retry)));
    }

    @Benchmark
    public Object resilience4jStackWithoutTimeLimiter(Caller caller) {
        return caller.told.to(withoutTimeLimiter().transformDeferred(RetryOperator.of(retry)));
    }
}
