package io.sluice.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.FailureClass;
import io.sluice.call.CutOff;
import io.sluice.failure.ProviderFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class CircuitBreakerTest {

    private static final Duration OPEN_FOR = Duration.ofMinutes(5);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final CircuitBreaker breaker = CircuitBreaker.of("search", CircuitBreakerConfig.DEFAULT, clock);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            StepVerifier.create(breaker.protect(Mono.error(new IOException("reset"))))
                    .verifyError(IOException.class);
        }
    }

    private void opened() {
        fail(3);
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    private void halfOpen() {
        opened();
        clock.advanceTimeBy(OPEN_FOR);
        assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
    }

    private void refuses() {
        PublisherProbe<String> call = PublisherProbe.of(Mono.just("x"));
        StepVerifier.create(breaker.protect(call.mono())).verifyError(CircuitOpenException.class);
        call.assertWasNotSubscribed();
    }

    private void answers() {
        StepVerifier.create(breaker.protect(Mono.just("x"))).expectNext("x").verifyComplete();
    }

    @Test
    void theThirdFailureInARowOpensItAndCallsAreNotMade() {
        fail(2);
        answers();
        fail(2);
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        fail(1);
        refuses();
    }

    @Test
    void theRefusalSaysHowLongAndWhatToDo() {
        opened();
        clock.advanceTimeBy(Duration.ofSeconds(100));
        StepVerifier.create(breaker.protect(Mono.just("x"))).verifyErrorSatisfies(error -> {
            CircuitOpenException open = (CircuitOpenException) error;
            assertThat(open)
                    .hasMessage("Circuit breaker search is open after 3 failures. Recovery in 200 s; try again then, or"
                            + " use a fallback.");
            assertThat(open.timeLeft()).isEqualTo(Duration.ofSeconds(200)).isEqualTo(open.retryAfter());
            assertThat(open.breaker()).isEqualTo("search");
            assertThat(open.failureClass()).isEqualTo(FailureClass.REJECTED);
            assertThat(open.getStackTrace()).isEmpty();
        });
    }

    @Test
    void atExactlyTheEndOfTheOpenTimeAProbeGoes() {
        opened();
        clock.advanceTimeBy(OPEN_FOR.minusNanos(1));
        refuses();
        clock.advanceTimeBy(Duration.ofNanos(1));
        answers();
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aFailedProbeOpensItForAnotherWholeTime() {
        halfOpen();
        fail(1);
        clock.advanceTimeBy(OPEN_FOR.minusNanos(1));
        refuses();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(breaker.snapshot().consecutiveFailures()).isEqualTo(4);
        answers();
    }

    @Test
    void readingTheStateChangesNothing() {
        opened();
        clock.advanceTimeBy(OPEN_FOR);
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
            assertThat(breaker.peek()).isNull();
            assertThat(breaker.snapshot().probesOut()).isZero();
        }
        answers();
    }

    @Test
    void aLateResultOfAnEarlierGenerationChangesNothing() {
        Sinks.One<String> lateSuccess = Sinks.one();
        Sinks.One<String> lateFailure = Sinks.one();
        Sinks.One<String> probe = Sinks.one();
        breaker.protect(lateSuccess.asMono()).subscribe();
        breaker.protect(lateFailure.asMono()).subscribe(value -> {}, error -> {});
        halfOpen();
        breaker.protect(probe.asMono()).subscribe();
        lateSuccess.tryEmitValue("x");
        assertThat(breaker.state()).as("a success from before").isEqualTo(CircuitState.HALF_OPEN);
        lateFailure.tryEmitError(new IOException("reset"));
        assertThat(breaker.state()).as("a failure from before").isEqualTo(CircuitState.HALF_OPEN);
        refuses();
        probe.tryEmitValue("x");
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aStragglersFailureDoesNotProlongTheOpenTime() {
        Sinks.One<String> straggler = Sinks.one();
        breaker.protect(straggler.asMono()).subscribe(value -> {}, error -> {});
        opened();
        clock.advanceTimeBy(Duration.ofSeconds(290));
        straggler.tryEmitError(new IOException("reset"));
        clock.advanceTimeBy(Duration.ofSeconds(10));
        answers();
    }

    @Test
    void aCancelledCallFromBeforeDoesNotGiveBackAProbe() {
        Disposable old = breaker.protect(Mono.never()).subscribe();
        halfOpen();
        Disposable probe = breaker.protect(Mono.never()).subscribe();
        old.dispose();
        refuses();
        probe.dispose();
        answers();
    }

    @Test
    void aProbeWhoseSubscriberCancelsIsGivenBack() {
        halfOpen();
        Disposable probe = breaker.protect(Flux.never()).subscribe();
        refuses();
        probe.dispose();
        answers();
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aProbeThatIsCancelledByZipIsGivenBack() {
        halfOpen();
        StepVerifier.create(
                        Mono.zip(breaker.protect(Mono.never()), Mono.error(new IllegalStateException("the other one"))))
                .verifyError(IllegalStateException.class);
        answers();
    }

    @ParameterizedTest
    @EnumSource(FailureClass.class)
    void theClassOfAFailureDecidesWhetherItCounts(FailureClass meaning) {
        for (int i = 0; i < 3; i++) {
            ProviderFailure failure = new ProviderFailure(0, null, "failed", meaning, null);
            StepVerifier.create(breaker.protect(Mono.error(failure))).verifyErrorMatches(error -> error == failure);
        }
        assertThat(breaker.state()).isEqualTo(meaning.tripsBreaker() ? CircuitState.OPEN : CircuitState.CLOSED);
    }

    @Test
    void aFailureThatDoesNotCountGivesTheProbeBackAndDecidesNothing() {
        halfOpen();
        StepVerifier.create(breaker.protect(
                        Mono.error(new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, null))))
                .verifyError(ProviderFailure.class);
        assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
        answers();
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aRateLimitBetweenFailuresIsNoSuccess() {
        fail(2);
        StepVerifier.create(breaker.protect(
                        Mono.error(new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, null))))
                .verifyError(ProviderFailure.class);
        fail(1);
        refuses();
    }

    @Test
    void ownWordsDecideWhichErrorsCount() {
        CircuitBreaker own = CircuitBreaker.of(
                "own",
                CircuitBreakerConfig.builder()
                        .consecutiveFailures(1)
                        .counts(error -> {
                            if (error instanceof ArithmeticException) {
                                throw new IllegalStateException("a bug in the predicate");
                            }
                            return error instanceof IllegalArgumentException;
                        })
                        .build(),
                clock);
        StepVerifier.create(own.protect(Mono.error(new IOException("reset")))).verifyError(IOException.class);
        assertThat(own.state()).isEqualTo(CircuitState.CLOSED);
        StepVerifier.create(own.protect(Mono.error(new IllegalArgumentException("no"))))
                .verifyError(IllegalArgumentException.class);
        assertThat(own.state()).isEqualTo(CircuitState.OPEN);
        own.reset();
        StepVerifier.create(own.protect(Mono.error(new ArithmeticException("no"))))
                .expectError(ArithmeticException.class)
                .verifyThenAssertThat()
                .hasDroppedErrorWithMessage("a bug in the predicate");
        assertThat(own.state()).as("when in doubt it counts").isEqualTo(CircuitState.OPEN);
    }

    @Test
    void aCancellationByADeadlineIsAFailureAndOneByTheSubscriberIsNothing() {
        AtomicInteger cancelled = new AtomicInteger();
        IOException over = new IOException("no answer in time");
        for (int i = 0; i < 3; i++) {
            breaker.protect(Mono.never().doOnCancel(cancelled::incrementAndGet))
                    .subscribe()
                    .dispose();
        }
        assertThat(breaker.snapshot().consecutiveFailures()).isZero();
        for (int i = 0; i < 3; i++) {
            CutOff deadline = () -> over;
            breaker.protect(Mono.never().doOnCancel(cancelled::incrementAndGet))
                    .contextWrite(deadline::in)
                    .subscribe()
                    .dispose();
        }
        assertThat(cancelled).hasValue(6);
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void aProbeHeldForEverIsOverdueOneDay() {
        halfOpen();
        breaker.protect(Mono.never()).subscribe();
        clock.advanceTimeBy(Duration.ofMinutes(10));
        refuses();
        assertThat(breaker.snapshot().reason()).isEqualTo(OpenReason.PROBE_OVERDUE);
        clock.advanceTimeBy(OPEN_FOR);
        answers();
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void anEmptyAnswerIsASuccess() {
        halfOpen();
        StepVerifier.create(breaker.protect(Mono.empty())).verifyComplete();
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aStreamDecidesAtItsEnd() {
        halfOpen();
        Sinks.Many<Integer> stream = Sinks.many().unicast().onBackpressureBuffer();
        breaker.protect(stream.asFlux()).subscribe(value -> {}, error -> {});
        stream.tryEmitNext(1);
        assertThat(breaker.state()).isEqualTo(CircuitState.HALF_OPEN);
        refuses();
        stream.tryEmitError(new IOException("cut off"));
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void aStreamThatIsCancelledAfterAnElementIsNoSuccess() {
        fail(2);
        StepVerifier.create(breaker.protect(Flux.just(1, 2, 3)).take(1))
                .expectNext(1)
                .verifyComplete();
        fail(1);
        refuses();
    }

    private CircuitBreaker slowAfterTenSeconds() {
        return CircuitBreaker.of(
                "slow",
                CircuitBreakerConfig.builder()
                        .slowRate(1.0, Duration.ofSeconds(10))
                        .minimumCalls(1)
                        .build(),
                clock);
    }

    @ParameterizedTest
    @CsvSource({"9, 600, CLOSED", "10, 10, OPEN"})
    void aStreamIsSlowIfItsFirstElementIs(long first, long end, CircuitState expected) {
        CircuitBreaker slow = slowAfterTenSeconds();
        Flux<Integer> stream = Mono.delay(Duration.ofSeconds(first), clock)
                .map(ignored -> 1)
                .concatWith(Mono.delay(Duration.ofSeconds(end - first), clock).map(ignored -> 2));
        slow.protect(stream).subscribe();
        clock.advanceTimeBy(Duration.ofSeconds(end));
        assertThat(slow.state()).isEqualTo(expected);
        assertThat(slow.snapshot().reason()).isEqualTo(expected == CircuitState.OPEN ? OpenReason.SLOW_RATE : null);
    }

    @Test
    void aSlowAnswerOpensItWithoutASingleFailure() {
        CircuitBreaker slow = slowAfterTenSeconds();
        slow.protect(Mono.delay(Duration.ofSeconds(10), clock)).subscribe();
        clock.advanceTimeBy(Duration.ofSeconds(10));
        assertThat(slow.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void aHintSetsTheOpenTime() {
        CircuitBreaker hinted = CircuitBreaker.of(
                "hinted",
                CircuitBreakerConfig.builder()
                        .consecutiveFailures(1)
                        .followHints(true)
                        .build(),
                clock);
        StepVerifier.create(hinted.protect(Mono.error(
                        new ProviderFailure(503, null, "back soon", FailureClass.OVERLOADED, Duration.ofSeconds(20)))))
                .verifyError(ProviderFailure.class);
        assertThat(hinted.snapshot().timeLeft()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void theResultCountsBeforeItIsTold() {
        halfOpen();
        StepVerifier.create(breaker.protect(Mono.just("first")).flatMap(value -> breaker.protect(Mono.just("second"))))
                .expectNext("second")
                .verifyComplete();
    }

    @Test
    void handsSwitchIt() {
        breaker.forceOpen();
        refuses();
        assertThat(breaker.peek())
                .hasMessageContaining("opened by hand")
                .extracting("retryAfter")
                .isNull();
        clock.advanceTimeBy(Duration.ofDays(1));
        refuses();
        breaker.disable();
        fail(10);
        answers();
        breaker.metricsOnly();
        fail(10);
        answers();
        fail(4);
        assertThat(breaker.snapshot().reason()).isEqualTo(OpenReason.CONSECUTIVE_FAILURES);
        breaker.reset();
        assertThat(breaker.snapshot().consecutiveFailures()).isZero();
        opened();
        breaker.reset();
        answers();
    }

    @Test
    void peekRefusesWhileAllProbesAreOut() {
        halfOpen();
        Admission probe = breaker.tryAcquire();
        assertThat(breaker.peek())
                .hasMessage("Circuit breaker search is half-open and its probes are out. Try again when they have"
                        + " decided.");
        probe.cancelled();
        assertThat(breaker.peek()).isNull();
    }

    @Test
    void ofAnAdmissionOnlyTheFirstEndCounts() {
        fail(2);
        Admission admission = breaker.tryAcquire();
        assertThat(admission.isAdmitted()).isTrue();
        admission.cancelled();
        admission.failed(new IOException("reset"));
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
        breaker.tryAcquire().failed(new IOException("reset"));
        Admission refused = breaker.tryAcquire();
        assertThat(refused.isAdmitted()).isFalse();
        assertThat(refused.refusal()).isInstanceOf(CircuitOpenException.class);
        refused.succeeded();
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void aPermitThatWasGrantedTooLateTakesNoProbe() {
        halfOpen();
        assertThat(breaker.peek()).isNull();
        Admission first = breaker.tryAcquire();
        Admission second = breaker.tryAcquire();
        assertThat(List.of(first.isAdmitted(), second.isAdmitted())).containsExactly(true, false);
        first.succeeded();
        assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void itRunsOnWhateverTimeIsInUse() {
        CircuitBreaker built = CircuitBreaker.of("anywhere", CircuitBreakerConfig.DEFAULT);
        StepVerifier.withVirtualTime(() -> {
                    for (int i = 0; i < 3; i++) {
                        built.tryAcquire().failed(new IOException("reset"));
                    }
                    return Mono.delay(OPEN_FOR).then(built.protect(Mono.just("x")));
                })
                .thenAwait(OPEN_FOR)
                .expectNext("x")
                .verifyComplete();
    }

    @Test
    void aSourceThatBreaksTheRulesIsToldOnce() {
        TestPublisher<Integer> source = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.DEFER_CANCELLATION);
        StepVerifier.create(breaker.protect(source.flux()))
                .then(() -> source.next(1)
                        .error(new IOException("reset"))
                        .complete()
                        .next(2))
                .expectNext(1)
                .expectError(IOException.class)
                .verifyThenAssertThat()
                .hasDropped(2);
        assertThat(breaker.snapshot().consecutiveFailures()).isEqualTo(1);
    }

    @Test
    void aSourceThatThrowsLosesNoProbe() {
        halfOpen();
        Mono<String> broken = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                throw new IllegalStateException("against the rules");
            }
        };
        StepVerifier.create(breaker.protect(broken)).verifyError(IllegalStateException.class);
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void theContextReachesTheCall() {
        StepVerifier.create(breaker.protect(Mono.deferContextual(context -> Mono.just(context.<String>get("tenant"))))
                        .contextWrite(context -> context.put("tenant", "a")))
                .expectNext("a")
                .verifyComplete();
    }

    @Test
    void reactorsToolsSeeIt() {
        Disposable call = breaker.protect(Mono.never()).subscribe();
        assertThat(Scannable.from(call).parents().map(Scannable::name)).contains("circuit breaker search");
    }

    @Test
    void aBreakerNeedsANameAndAClock() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreaker.of(" ", CircuitBreakerConfig.DEFAULT))
                .withMessage("the name of a circuit breaker must not be blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CircuitBreaker.of("x", CircuitBreakerConfig.DEFAULT, Schedulers.immediate()));
    }
}
