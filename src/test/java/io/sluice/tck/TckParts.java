package io.sluice.tck;

import io.sluice.breaker.CircuitBreaker;
import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.budget.Budget;
import io.sluice.budget.Charge;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.debounce.DebounceMode;
import io.sluice.debounce.Debouncer;
import io.sluice.governor.Governor;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import java.time.Duration;

/** Parts that let everything pass at once. */
final class TckParts {

    static final PermitRequest REQUEST = PermitRequest.of(ModelKey.of("tck", "model"), TokenEstimate.of(1, 1));
    static final Call<String> CALL = Call.of(REQUEST.key(), "arguments", REQUEST.estimate());
    static final Charge CHARGE = Charge.tokens(TokenEstimate.of(1, 1));

    private TckParts() {}

    static ModelRateLimiter limiter() {
        RateLimitProfile profile = RateLimitProfile.builder("tck", "model")
                .rpm(1_000_000)
                .concurrency(1_000)
                .build();
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none().with(profile))
                .build();
    }

    static ModelRateLimiter disposedLimiter() {
        ModelRateLimiter limiter = limiter();
        limiter.dispose();
        return limiter;
    }

    static Budget budget() {
        return Budget.root("tck").tokens(Long.MAX_VALUE >> 10).build();
    }

    static Budget budgetInMoney() {
        return Budget.root("tck").usd("1.00").build();
    }

    static CircuitBreaker breaker() {
        return CircuitBreaker.of("tck", CircuitBreakerConfig.DEFAULT);
    }

    static Deadline deadline() {
        Duration aMinute = Duration.ofMinutes(1);
        return Deadline.attempt(aMinute).firstElement(aMinute).gap(aMinute).total(aMinute);
    }

    static Debouncer debouncer(DebounceMode mode) {
        return Debouncer.builder()
                .mode(mode)
                .cooldown(Duration.ZERO)
                .unlimitedPerHour()
                .build();
    }

    static Governor governor(ModelRateLimiter limiter) {
        return Governor.builder()
                .limiter(limiter)
                .breakers(CircuitBreakerConfig.DEFAULT)
                .retry(ProviderRetry.attempts(1))
                .budget(budget())
                .deadline(deadline())
                .build();
    }
}
