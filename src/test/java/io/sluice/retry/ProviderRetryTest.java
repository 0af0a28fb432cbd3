package io.sluice.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.call.RetryTicket;
import io.sluice.call.Sluice;
import io.sluice.failure.ProviderFailure;
import io.sluice.retry.RetryReport.Reason;
import io.sluice.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.util.RaceTestUtils;

class ProviderRetryTest {

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final ProviderRetry three =
            ProviderRetry.attempts(3).scheduler(clock).random(() -> 0);

    private static ProviderFailure limited(@Nullable Duration hint) {
        return new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, hint);
    }

    private static IOException broken() {
        return new IOException("connection reset");
    }

    /** Fails so often, then answers with the number of the attempt. */
    private static Mono<Integer> failing(int times, Supplier<? extends Throwable> error) {
        AtomicInteger attempts = new AtomicInteger();
        return Mono.defer(() -> {
            int attempt = attempts.incrementAndGet();
            return attempt <= times ? Mono.error(error.get()) : Mono.just(attempt);
        });
    }

    /** What a subscriber was told. */
    private static class Told<T> extends BaseSubscriber<T> {
        final List<T> values = new ArrayList<>();

        @Nullable
        Throwable error;

        boolean completed;

        @Nullable
        RetryReport report() {
            return error == null ? null : ProviderRetry.report(error);
        }

        @Override
        protected void hookOnNext(T value) {
            values.add(value);
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            assertThat(error).isNull();
            error = throwable;
        }

        @Override
        protected void hookOnComplete() {
            completed = true;
        }
    }

    @Test
    void aCallIsRepeatedWhenTheWaitIsOver() {
        Told<Integer> told = new Told<>();
        three.protect(failing(2, ProviderRetryTest::broken)).subscribe(told);
        clock.advanceTimeBy(Duration.ofSeconds(3).minusNanos(1));
        assertThat(told.values).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(told.values).containsExactly(3);
        assertThat(told.completed).isTrue();
    }

    @Test
    void theProvidersWaitIsKept() {
        Told<Integer> told = new Told<>();
        three.protect(failing(1, () -> limited(Duration.ofSeconds(30)))).subscribe(told);
        clock.advanceTimeBy(Duration.ofSeconds(30).minusNanos(1));
        assertThat(told.values).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(told.values).containsExactly(2);
    }

    @Test
    void theLastErrorIsToldItselfWithAReport() {
        IOException last = broken();
        AtomicInteger attempts = new AtomicInteger();
        Told<Integer> told = new Told<>();
        three.protect(Mono.<Integer>defer(() -> Mono.error(attempts.incrementAndGet() == 3 ? last : broken())))
                .subscribe(told);
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(told.error).isSameAs(last);
        assertThat(attempts).hasValue(3);
        assertThat(ProviderRetry.report(last)).isEqualTo(new RetryReport(3, Duration.ofSeconds(3), Reason.EXHAUSTED));
        assertThat(last.getSuppressed()[0]).hasMessage("3 attempts, 3000 ms of waiting between them: EXHAUSTED");
    }

    @Test
    void whatNoWaitHelpsIsToldAtOnceAndAsItWas() {
        IllegalArgumentException mine = new IllegalArgumentException("mine");
        Told<Integer> told = new Told<>();
        three.protect(Mono.<Integer>error(mine)).subscribe(told);
        assertThat(told.error).isSameAs(mine);
        assertThat(ProviderRetry.report(mine)).isNull();
    }

    @Test
    void anErrorThatIsAlwaysTheSameObjectCarriesOneReport() {
        IOException always = broken();
        for (int i = 0; i < 10; i++) {
            three.protect(Mono.error(always)).subscribe(new Told<>());
            clock.advanceTimeBy(Duration.ofMinutes(1));
        }
        assertThat(always.getSuppressed()).hasSize(1);
        assertThat(ProviderRetry.report(always)).isEqualTo(new RetryReport(3, Duration.ofSeconds(3), Reason.EXHAUSTED));
    }

    @Test
    void aWaitThatDoesNotFitTheTotalFailsNow() {
        Told<Integer> told = new Told<>();
        three.total(Duration.ofSeconds(30))
                .protect(failing(1, () -> limited(Duration.ofSeconds(30))))
                .subscribe(told);
        assertThat(told.error).isInstanceOf(ProviderFailure.class);
        assertThat(told.report()).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.NO_TIME_LEFT));
    }

    @Test
    void theTotalCountsFromTheSubscription() {
        Told<Integer> told = new Told<>();
        three.total(Duration.ofSeconds(30))
                .protect(Mono.delay(Duration.ofSeconds(29), clock).then(Mono.<Integer>error(broken())))
                .subscribe(told);
        clock.advanceTimeBy(Duration.ofSeconds(29));
        assertThat(told.report()).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.NO_TIME_LEFT));
    }

    @Test
    void aFluxIsNotRepeatedAfterItsFirstElement() {
        AtomicInteger subscriptions = new AtomicInteger();
        Flux<Integer> stream = Flux.defer(() -> subscriptions.incrementAndGet() == 1
                ? Flux.error(broken())
                : Flux.just(1, 2).concatWith(Flux.error(broken())));
        Told<Integer> told = new Told<>();
        three.protect(stream).subscribe(told);
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(told.values).containsExactly(1, 2);
        assertThat(subscriptions).hasValue(2);
        assertThat(told.report()).isEqualTo(new RetryReport(2, Duration.ofSeconds(1), Reason.AFTER_FIRST_ELEMENT));
    }

    @Test
    void aFluxIsRepeatedFromItsBeginningWhereThatIsAskedFor() {
        Flux<Integer> stream = Flux.just(1, 2).concatWith(Flux.error(broken()));
        Told<Integer> told = new Told<>();
        three.repeatAfterFirstElement(true).protect(stream).subscribe(told);
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(told.values).containsExactly(1, 2, 1, 2, 1, 2);
        assertThat(told.error).isInstanceOf(IOException.class);
    }

    @Test
    void demandGoesOverAttempts() {
        List<TestPublisher<Integer>> attempts = new ArrayList<>();
        List<Long> requests = new ArrayList<>();
        Flux<Integer> stream = Flux.defer(() -> {
            TestPublisher<Integer> attempt = TestPublisher.create();
            attempts.add(attempt);
            return attempt.flux().doOnRequest(requests::add);
        });
        Told<Integer> told = new Told<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.request(3);
            }
        };
        three.repeatAfterFirstElement(true).protect(stream).subscribe(told);
        attempts.get(0).next(1).error(broken());
        told.request(2);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        attempts.get(1).next(2, 3, 4, 5);
        assertThat(told.values).containsExactly(1, 2, 3, 4, 5);
        assertThat(requests).startsWith(3L).endsWith(4L);
    }

    @Test
    void aCallThatMustNotBeMadeTwiceSaysSoInTheContext() {
        Told<Integer> told = new Told<>();
        three.protect(failing(1, ProviderRetryTest::broken))
                .contextWrite(Sluice.idempotent(false))
                .subscribe(told);
        assertThat(told.report()).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.NOT_IDEMPOTENT));
        Told<Integer> other = new Told<>();
        three.idempotent(false)
                .protect(failing(1, ProviderRetryTest::broken))
                .contextWrite(Sluice.idempotent(true))
                .subscribe(other);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(other.values).containsExactly(2);
        Told<Integer> refused = new Told<>();
        three.idempotent(false).protect(failing(1, () -> limited(null))).subscribe(refused);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(refused.values).containsExactly(2);
    }

    @Test
    void anAttemptKnowsItsNumberAndTheContext() {
        List<String> seen = new ArrayList<>();
        Mono<Integer> call = Mono.deferContextual(context -> {
            seen.add(context.get("user") + " " + Sluice.attempt(context));
            return Mono.error(broken());
        });
        three.protect(call).contextWrite(context -> context.put("user", "ann")).subscribe(new Told<>());
        clock.advanceTimeBy(Duration.ofMinutes(1));
        call.retryWhen(three)
                .contextWrite(context -> context.put("user", "bob"))
                .subscribe(new Told<>());
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(seen).containsExactly("ann 1", "ann 2", "ann 3", "bob 1", "bob 2", "bob 3");
        assertThat(Sluice.attempt(reactor.util.context.Context.empty())).isEqualTo(1);
    }

    @Test
    void theTicketIsOneForAllAttempts() {
        List<RetryTicket> tickets = new ArrayList<>();
        three.protect(Mono.<Integer>deferContextual(context -> {
                    tickets.add(RetryTicket.of(context));
                    return Mono.error(broken());
                }))
                .subscribe(new Told<>());
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(tickets).hasSize(3).allSatisfy(ticket -> assertThat(ticket).isSameAs(tickets.get(0)));
    }

    @Test
    void subscribersDoNotShareAttempts() {
        AtomicInteger attempts = new AtomicInteger();
        Mono<Integer> call = Mono.<Integer>defer(() -> {
                    attempts.incrementAndGet();
                    return Mono.error(broken());
                })
                .transform(three::protect);
        call.subscribe(new Told<>());
        call.subscribe(new Told<>());
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(attempts).hasValue(6);
    }

    @Test
    void aCancellationDuringTheWaitLeavesNothing() {
        AtomicInteger attempts = new AtomicInteger();
        Told<Integer> told = new Told<>();
        three.protect(Mono.<Integer>defer(() -> {
                    attempts.incrementAndGet();
                    return Mono.error(broken());
                }))
                .subscribe(told);
        told.cancel();
        clock.advanceTimeBy(Duration.ofHours(1));
        assertThat(attempts).hasValue(1);
        assertThat(told.error).isNull();
    }

    @Test
    void aCancellationReachesTheAttempt() {
        TestPublisher<Integer> source = TestPublisher.create();
        Told<Integer> told = new Told<>();
        three.protect(source.mono()).subscribe(told);
        told.cancel();
        source.assertCancelled();
    }

    @Test
    void aTimeoutDownstreamCountsTheWaits() {
        StepVerifier.withVirtualTime(() -> ProviderRetry.attempts(9)
                        .protect(Mono.<Integer>error(limited(Duration.ofSeconds(30))))
                        .timeout(Duration.ofSeconds(10)))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(10).minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .verifyError(java.util.concurrent.TimeoutException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneThatWasBuiltBeforeRunsOnVirtualTimeAndOnRealTimeAfterIt(boolean deferring) {
        ProviderRetry before = ProviderRetry.attempts(2).random(() -> 0);
        for (int i = 0; i < 3; i++) {
            StepVerifier.withVirtualTime(
                            () -> before.protect(failing(1, () -> limited(Duration.ofMinutes(9)))),
                            () -> VirtualTimeScheduler.create(deferring),
                            Long.MAX_VALUE)
                    .expectSubscription()
                    .expectNoEvent(Duration.ofMinutes(9).minusNanos(1))
                    .thenAwait(Duration.ofNanos(1))
                    .expectNext(2)
                    .verifyComplete();
        }
        StepVerifier.create(before.backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                        .protect(failing(1, ProviderRetryTest::broken)))
                .expectNext(2)
                .verifyComplete();
    }

    @Test
    @Timeout(60)
    void aCallThatFailsAtOnceNeedsNoStackForItsAttempts() {
        Told<Integer> told = new Told<>();
        ProviderRetry.attempts(100_000)
                .scheduler(clock)
                .total(Duration.ofDays(1))
                .protect(failing(99_999, () -> limited(Duration.ofNanos(1))))
                .subscribe(told);
        clock.advanceTimeBy(Duration.ofDays(1));
        assertThat(told.values.isEmpty() ? told.error : told.values).isEqualTo(List.of(100_000));
    }

    @Test
    void inRetryWhenItWaitsAndReportsTheSame() {
        Told<Integer> told = new Told<>();
        failing(2, ProviderRetryTest::broken).retryWhen(three).subscribe(told);
        clock.advanceTimeBy(Duration.ofSeconds(3).minusNanos(1));
        assertThat(told.values).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(told.values).containsExactly(3);
        Told<Integer> ended = new Told<>();
        Mono.<Integer>error(broken()).retryWhen(three).subscribe(ended);
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(ended.error).isInstanceOf(IOException.class);
        assertThat(ended.report()).isEqualTo(new RetryReport(3, Duration.ofSeconds(3), Reason.EXHAUSTED));
    }

    @Test
    void aSchedulerThatTakesNoMoreWorkEndsTheWaitWithTheLastError() {
        Told<Integer> told = new Told<>();
        clock.dispose();
        three.protect(failing(1, ProviderRetryTest::broken)).subscribe(told);
        assertThat(told.error).isInstanceOf(IOException.class);
    }

    /** Whoever wins, the subscriber is told one end or none, and no attempt is left running. */
    @Test
    void inTenThousandRacesOfFailureWaitAndCancellationNothingIsLeft() {
        for (int round = 0; round < 10_000; round++) {
            ManualClock time = new ManualClock();
            ProviderRetry quick = ProviderRetry.attempts(2).scheduler(time).random(() -> 0);
            Sinks.One<Integer> first = Sinks.one();
            AtomicInteger running = new AtomicInteger();
            AtomicInteger attempts = new AtomicInteger();
            Mono<Integer> call = Mono.defer(() -> attempts.incrementAndGet() == 1
                    ? first.asMono()
                    : Mono.<Integer>never()
                            .doOnSubscribe(subscription -> running.incrementAndGet())
                            .doOnCancel(running::decrementAndGet));
            Disposable subscription = quick.protect(call).subscribe(value -> {}, error -> {});
            RaceTestUtils.race(
                    () -> first.tryEmitError(broken()),
                    () -> time.advance(Duration.ofSeconds(1)),
                    subscription::dispose);
            time.advance(Duration.ofHours(1));
            assertThat(running).hasValue(0);
            assertThat(attempts.get()).isBetween(1, 2);
        }
    }

    @Test
    void inTenThousandRacesOfRequestsAndAttemptsNoDemandIsLost() {
        for (int round = 0; round < 10_000; round++) {
            ManualClock time = new ManualClock();
            AtomicInteger attempts = new AtomicInteger();
            Flux<Integer> stream =
                    Flux.defer(() -> attempts.incrementAndGet() == 1 ? Flux.error(broken()) : Flux.range(1, 3));
            Told<Integer> told = new Told<>() {
                @Override
                protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                    subscription.request(1);
                }
            };
            ProviderRetry.attempts(2)
                    .scheduler(time)
                    .random(() -> 0)
                    .protect(stream)
                    .subscribe(told);
            RaceTestUtils.race(() -> time.advance(Duration.ofSeconds(1)), () -> told.request(1), () -> told.request(1));
            assertThat(told.values).containsExactly(1, 2, 3);
            assertThat(told.completed).isTrue();
        }
    }
}
