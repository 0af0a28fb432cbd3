package io.sluice.retry;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A provider on virtual time that fails as it is told, and remembers when it was called. */
final class FailingProvider {

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    final List<Duration> calledAt = new ArrayList<>();

    /** A retry without chance. */
    ProviderRetry retry(int attempts) {
        return ProviderRetry.attempts(attempts).scheduler(clock).random(() -> 0);
    }

    /** Fails with each error in turn, the last one for ever. */
    Mono<String> failing(Throwable... errors) {
        return answering(call -> Mono.error(errors[Math.min(call, errors.length) - 1]));
    }

    /** Fails so often, then answers. */
    Mono<String> failingTimes(int times, Throwable error) {
        return answering(call -> call <= times ? Mono.error(error) : Mono.just("answer"));
    }

    Mono<String> answering(IntFunction<Mono<String>> nth) {
        return Mono.defer(() -> {
            calledAt.add(now());
            return nth.apply(calledAt.size());
        });
    }

    Duration now() {
        return Duration.ofNanos(clock.now(TimeUnit.NANOSECONDS));
    }

    void pass(Duration time) {
        clock.advanceTimeBy(time);
    }

    static ProviderFailure failure(FailureClass meaning, @Nullable Duration retryAfter) {
        return new ProviderFailure(0, null, "said by the provider", meaning, retryAfter);
    }

    static ProviderFailure rateLimit(@Nullable Duration retryAfter) {
        return failure(FailureClass.RATE_LIMIT, retryAfter);
    }

    static ProviderFailure serverError() {
        return failure(FailureClass.TRANSIENT, null);
    }
}
