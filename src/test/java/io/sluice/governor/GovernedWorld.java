package io.sluice.governor;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.breaker.CircuitBreakerRegistry;
import io.sluice.budget.Budget;
import io.sluice.call.Call;
import io.sluice.deadline.Deadline;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/**
 * Real parts on virtual time: a limiter of one call at a time, a budget of 1,000 tokens, breakers that open after three
 * failures, three attempts, ten seconds an attempt and a minute in total. A call is estimated at 100 tokens and uses 60.
 */
final class GovernedWorld {

    static final ModelKey KEY = ModelKey.of("p", "m");
    static final Call<String> CALL = Call.of(KEY, "prompt", TokenEstimate.of(60, 40));
    static final TokenUsage USED = TokenUsage.of(40, 20);

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    final Budget budget = budget(1_000);
    final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none()
                    .with(RateLimitProfile.builder("p", "m")
                            .rpm(100)
                            .tpm(100_000)
                            .utilizationTarget(1)
                            .concurrency(1)
                            .build()))
            .scheduler(clock)
            .random(() -> 0)
            .build();
    final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.builder()
            .config(CircuitBreakerConfig.DEFAULT)
            .scheduler(clock)
            .build();
    /** How often a call was made. */
    int made;

    /** How often a call that was made was cancelled. */
    int cut;

    Budget budget(long tokens) {
        return Budget.root("run").tokens(tokens).scheduler(clock).build();
    }

    Governor.Builder all() {
        return Governor.builder()
                .scheduler(clock)
                .limiter(limiter)
                .budget(budget)
                .breakers(breakers)
                .retry(ProviderRetry.attempts(3).scheduler(clock).random(() -> 0))
                .deadline(Deadline.attempt(Duration.ofSeconds(10))
                        .total(Duration.ofMinutes(1))
                        .scheduler(clock));
    }

    Mono<String> call(Attempt<String> attempt, IntFunction<Mono<String>> nth) {
        return Mono.defer(() -> nth.apply(++made)).doOnCancel(() -> cut++).doOnNext(answer -> attempt.used(USED));
    }

    Mono<String> govern(Governor governor, IntFunction<Mono<String>> nth) {
        return governor.govern(CALL, attempt -> call(attempt, nth));
    }

    Flux<String> stream(Governor governor, IntFunction<Flux<String>> nth) {
        return governor.governMany(
                CALL,
                attempt -> Flux.defer(() -> nth.apply(++made))
                        .doOnCancel(() -> cut++)
                        .doOnNext(element -> attempt.used(USED)));
    }

    static ProviderFailure failure(FailureClass meaning) {
        return new ProviderFailure(0, null, "said by the provider", meaning, null);
    }

    Told subscribe(Publisher<?> call) {
        Told told = new Told();
        call.subscribe(told);
        return told;
    }

    void pass(Duration time) {
        clock.advanceTimeBy(time);
    }

    long spent() {
        return budget.snapshot().spent().tokens();
    }

    int failures() {
        return breakers.get(CALL.name()).snapshot().consecutiveFailures();
    }

    /** One line of a table: what was made, what the limiter and the breaker counted, and what was spent. */
    void hasCounted(int attempts, long permits, int failures, long tokens) {
        assertThat(made).as("attempts").isEqualTo(attempts);
        assertThat(limiter.snapshot(KEY).requests()).as("permits charged").isEqualTo(permits);
        assertThat(failures()).as("failures in a row").isEqualTo(failures);
        assertThat(spent()).as("tokens spent").isEqualTo(tokens);
        holdsNothing();
    }

    void holdsNothing() {
        assertThat(limiter.snapshot(KEY).inFlight()).as("permits open").isZero();
        assertThat(limiter.snapshot(KEY).pending()).as("calls that wait").isZero();
        assertThat(budget.snapshot().openReservations()).as("reservations open").isZero();
        assertThat(breakers.get(CALL.name()).snapshot().probesOut())
                .as("probes out")
                .isZero();
    }

    /** What a subscriber was told. */
    static final class Told extends BaseSubscriber<Object> {
        final List<Object> values = new ArrayList<>();
        Throwable error;
        boolean completed;

        @Override
        protected void hookOnNext(Object value) {
            values.add(value);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            error = failure;
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }
    }
}
