package io.sluice.retry;

import static io.sluice.retry.FailingProvider.rateLimit;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Users test with {@code StepVerifier.withVirtualTime}, and build their retry anywhere. */
class RetryVirtualTimeTest {

    private static ProviderRetry retry() {
        return ProviderRetry.attempts(3).random(() -> 0);
    }

    private static Mono<String> failingOnce(Duration hint) {
        AtomicInteger calls = new AtomicInteger();
        return Mono.defer(() -> calls.incrementAndGet() == 1 ? Mono.error(rateLimit(hint)) : Mono.just("answer"));
    }

    private static void waitsOnVirtualTime(Mono<String> call) {
        StepVerifier.withVirtualTime(() -> call)
                .expectSubscription()
                .expectNoEvent(Duration.ofMinutes(5).minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .expectNext("answer")
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void aRetryBuiltBeforeVirtualTime() {
        waitsOnVirtualTime(retry().protect(failingOnce(Duration.ofMinutes(5))));
        waitsOnVirtualTime(failingOnce(Duration.ofMinutes(5)).retryWhen(retry()));
    }

    @Test
    void aRetryBuiltInsideVirtualTime() {
        StepVerifier.withVirtualTime(() -> retry().protect(failingOnce(Duration.ofMinutes(5))))
                .expectSubscription()
                .expectNoEvent(Duration.ofMinutes(5).minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .expectNext("answer")
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void aRetryBuiltInsideVirtualTimeGoesOnAfterIt() {
        ProviderRetry[] built = new ProviderRetry[1];
        StepVerifier.withVirtualTime(() -> {
                    built[0] = retry();
                    return built[0].protect(failingOnce(Duration.ofMinutes(5)));
                })
                .thenAwait(Duration.ofMinutes(5))
                .expectNext("answer")
                .expectComplete()
                .verify(Duration.ofSeconds(20));
        StepVerifier.create(built[0].protect(failingOnce(Duration.ofMillis(20))))
                .expectNext("answer")
                .expectComplete()
                .verify(Duration.ofSeconds(20));
        waitsOnVirtualTime(built[0].protect(failingOnce(Duration.ofMinutes(5))));
    }

    @Test
    void realTimeThenVirtualThenRealAgain() {
        ProviderRetry one = retry();
        for (int round = 0; round < 2; round++) {
            StepVerifier.create(one.protect(failingOnce(Duration.ofMillis(20))))
                    .expectNext("answer")
                    .expectComplete()
                    .verify(Duration.ofSeconds(20));
            waitsOnVirtualTime(one.protect(failingOnce(Duration.ofMinutes(5))));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noWaitIsCutShortOnAVirtualClockThatRunsAhead(boolean deferring) {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(deferring);
        clock.advanceTimeBy(Duration.ofSeconds(10));
        Heard<String> heard = new Heard<>();
        retry().scheduler(clock).protect(failingOnce(Duration.ofSeconds(50))).subscribe(heard);
        clock.advanceTimeBy(Duration.ofSeconds(50).minusNanos(1));
        assertThat(heard.elements).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(heard.elements).containsExactly("answer");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noWaitOfRetryWhenIsCutShortEither(boolean deferring) {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(deferring);
        clock.advanceTimeBy(Duration.ofSeconds(10));
        Heard<String> heard = new Heard<>();
        failingOnce(Duration.ofSeconds(50)).retryWhen(retry().scheduler(clock)).subscribe(heard);
        clock.advanceTimeBy(Duration.ofSeconds(50).minusNanos(1));
        assertThat(heard.elements).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(heard.elements).containsExactly("answer");
    }
}
