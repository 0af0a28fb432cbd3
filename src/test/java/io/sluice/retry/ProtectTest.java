package io.sluice.retry;

import static io.sluice.retry.FailingProvider.rateLimit;
import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.Sluice;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderAnswer;
import io.sluice.retry.RetryReport.Reason;
import io.sluice.testing.Garbage;
import io.sluice.testing.HeldScheduler;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.util.context.Context;

/** The operator: its signals, its demand and its context. */
class ProtectTest {

    private final FailingProvider provider = new FailingProvider();

    @Test
    void anAnswerIsPassedOnAndNothingWaits() {
        StepVerifier.create(provider.retry(3).protect(Mono.just("answer")))
                .expectNext("answer")
                .verifyComplete();
        StepVerifier.create(provider.retry(3).protect(Flux.range(0, 1_000)))
                .expectNextCount(1_000)
                .verifyComplete();
        StepVerifier.create(provider.retry(3).protect(Mono.empty())).verifyComplete();
        assertThat(provider.clock.getScheduledTaskCount()).isZero();
    }

    @Test
    void cancellingWhileItWaitsLeavesNothingBehind() {
        assertThat(Garbage.isCollected(cancelledInBackoff()))
                .as("the timer has let go of the call")
                .isTrue();
        long tasks = provider.clock.getScheduledTaskCount();
        provider.pass(Duration.ofHours(1));
        assertThat(provider.calledAt).hasSize(1);
        assertThat(provider.clock.getScheduledTaskCount()).as("ever scheduled").isEqualTo(tasks);
    }

    @Test
    void aWaitHoldsNothingOfTheAttemptThatFailed() {
        List<WeakReference<Subscription>> attempts = new ArrayList<>();
        Mono<String> call = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                Subscription large = Operators.scalarSubscription(actual, "large");
                attempts.add(new WeakReference<>(large));
                actual.onSubscribe(large);
                actual.onError(serverError());
            }
        };
        Heard<String> heard = new Heard<>(0, Context.empty());
        provider.retry(2).protect(call).subscribe(heard);
        assertThat(Garbage.isCollected(attempts.get(0))).isTrue();
        heard.cancel();
    }

    @Test
    void aThousandWaitsThatEndAtOnceTakeAHandfulOfTasks() {
        ProviderRetry retry = provider.retry(2);
        Mono<String> call = retry.protect(provider.failing(serverError()));
        for (int i = 0; i < 1_000; i++) {
            call.subscribe(new Heard<>());
        }
        provider.pass(Duration.ofSeconds(1));
        assertThat(provider.calledAt).hasSize(2_000);
        assertThat(provider.clock.getScheduledTaskCount()).isLessThan(50);
    }

    private WeakReference<Object> cancelledInBackoff() {
        Heard<String> heard = new Heard<>();
        provider.retry(3)
                .protect(provider.failing(rateLimit(Duration.ofSeconds(30))))
                .subscribe(heard);
        provider.pass(Duration.ofSeconds(29));
        heard.cancel();
        assertThat(heard.ends).isZero();
        return new WeakReference<>(heard);
    }

    @Test
    void cancellingBetweenTheTimerAndTheSchedulerIsInTime() {
        HeldScheduler held = new HeldScheduler();
        Heard<String> heard = new Heard<>();
        ProviderRetry.attempts(3)
                .scheduler(held)
                .random(() -> 0)
                .protect(provider.failing(serverError()))
                .subscribe(heard);
        held.advanceBy(Duration.ofSeconds(1));
        heard.cancel();
        held.runAll();
        assertThat(provider.calledAt).hasSize(1);
    }

    @Test
    void cancellingWhileItIsDecidedWhatFollowsSetsNoTimer() {
        Heard<String> heard = new Heard<>();
        provider.retry(3)
                .random(() -> {
                    heard.cancel();
                    return 0;
                })
                .protect(provider.failing(serverError()))
                .subscribe(heard);
        assertThat(provider.clock.getScheduledTaskCount()).as("ever scheduled").isZero();
        assertThat(heard.ends).isZero();
    }

    @Test
    void whoCancelsWhileItIsDecidedToGiveUpHearsNothingMore() {
        Heard<String> heard = new Heard<>();
        Throwable failure = new IOException("503");
        Mono<String> call = provider.retry(1)
                .classifier(FailureClassifier.standard().with(error -> {
                    heard.cancel();
                    return ProviderAnswer.of(503);
                }))
                .protect(provider.failing(failure));
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        try {
            call.subscribe(heard);
        } finally {
            Hooks.resetOnErrorDropped();
        }
        assertThat(heard.ends).isZero();
        assertThat(dropped).containsExactly(failure);
    }

    @Test
    void whoCancelsBeforeTheFirstAttemptCausesNoCall() {
        Heard<String> heard = new Heard<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.cancel();
            }
        };
        provider.retry(3).protect(provider.failing(serverError())).subscribe(heard);
        assertThat(provider.calledAt).isEmpty();
    }

    @Test
    void anAttemptBeginsWhenSubscribingToTheOneBeforeHasReturned() {
        List<String> order = new ArrayList<>();
        Mono<String> call = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                order.add("begins");
                actual.onSubscribe(Operators.emptySubscription());
                actual.onError(serverError());
                provider.pass(Duration.ofMinutes(1));
                order.add("has returned");
            }
        };
        provider.retry(2).protect(call).subscribe(new Heard<>());
        provider.pass(Duration.ofMinutes(1));
        assertThat(order).containsExactly("begins", "has returned", "begins", "has returned");
    }

    @Test
    void aSchedulerThatRunsEverythingAtOnceDoesNotOverflowTheStackEither() {
        Heard<String> heard = new Heard<>();
        ProviderRetry.attempts(100_000)
                .scheduler(new ImpatientScheduler())
                .backoff(Duration.ofNanos(1), Duration.ofNanos(1))
                .protect(provider.failing(serverError()))
                .subscribe(heard);
        assertThat(provider.calledAt).hasSize(100_000);
        assertThat(heard.ends).isEqualTo(1);
    }

    // ---- demand ----

    @Test
    void whatWasAskedForIsAskedOfTheNextAttempt() {
        List<Long> asked = new ArrayList<>();
        Flux<Integer> call = Flux.defer(() -> {
            asked.add(-1L);
            return asked.size() == 1
                    ? Flux.<Integer>error(serverError())
                    : Flux.range(0, 10).doOnRequest(asked::add);
        });
        Heard<Integer> heard = new Heard<>(3, Context.empty());
        provider.retry(3).protect(call).subscribe(heard);
        heard.request(1);
        provider.pass(Duration.ofSeconds(1));
        assertThat(asked).containsExactly(-1L, -1L, 4L);
        assertThat(heard.elements).containsExactly(0, 1, 2, 3);
        heard.request(2);
        assertThat(heard.elements).hasSize(6);
        heard.request(Long.MAX_VALUE);
        assertThat(asked).containsExactly(-1L, -1L, 4L, 2L, Long.MAX_VALUE);
        assertThat(heard.completed).isTrue();
    }

    @Test
    void whatAnAttemptGaveIsNotAskedForAgain() {
        AtomicInteger attempts = new AtomicInteger();
        Flux<Integer> call = Flux.defer(() -> attempts.incrementAndGet() < 3
                ? Flux.range(0, 2).concatWith(Flux.error(serverError()))
                : Flux.range(0, 10));
        Heard<Integer> heard = new Heard<>(5, Context.empty());
        provider.retry(3).repeatAfterFirstElement(true).protect(call).subscribe(heard);
        provider.pass(Duration.ofMinutes(1));
        assertThat(heard.elements).containsExactly(0, 1, 0, 1, 0);
        heard.request(1);
        assertThat(heard.elements).containsExactly(0, 1, 0, 1, 0, 1);
    }

    @Test
    void nothingIsGivenThatWasNotAskedFor() {
        Heard<String> heard = new Heard<>(0, Context.empty());
        provider.retry(3)
                .protect(provider.failingTimes(1, serverError()).flux())
                .subscribe(heard);
        provider.pass(Duration.ofMinutes(1));
        assertThat(heard.elements).isEmpty();
        heard.request(1);
        assertThat(heard.elements).containsExactly("answer");
    }

    @Test
    void aMonoThatHasAnsweredIsNotRepeatedWhateverIsSetForStreams() {
        Heard<String> heard = new Heard<>();
        Mono<String> call = Mono.fromDirect(Flux.just("answer").concatWith(Flux.error(serverError())));
        provider.retry(3).repeatAfterFirstElement(true).protect(call).subscribe(heard);
        provider.pass(Duration.ofMinutes(1));
        assertThat(heard.elements).containsExactly("answer");
    }

    // ---- context ----

    @Test
    void aRetryInsideARetryCountsItsOwnAttempts() {
        List<Integer> seen = new ArrayList<>();
        Mono<String> call = Mono.deferContextual(context -> {
            seen.add(Sluice.attempt(context));
            return Mono.error(serverError());
        });
        ProviderRetry retry = provider.retry(2);
        retry.protect(retry.protect(call)).subscribe(new Heard<>());
        provider.pass(Duration.ofMinutes(1));
        assertThat(seen).containsExactly(1, 2, 1, 2);
    }

    // ---- subscribers ----

    // ---- sources and settings that break their promises ----

    @Test
    void aSourceThatThrowsInsteadOfFailingIsAnAttempt() {
        Mono<String> call = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                provider.calledAt.add(provider.now());
                throw new IllegalStateException("thrown in subscribe");
            }
        };
        Heard<String> heard = new Heard<>();
        provider.retry(3).protect(call).subscribe(heard);
        provider.pass(Duration.ofMinutes(1));
        assertThat(provider.calledAt).hasSize(3);
        assertThat(heard.error).hasMessage("thrown in subscribe");
        assertThat(heard.ends).isEqualTo(1);
    }

    @Test
    void aRandomSourceThatThrowsIsToldTogetherWithTheFailure() {
        Throwable failure = serverError();
        Heard<String> heard = new Heard<>();
        provider.retry(3)
                .random(() -> {
                    throw new IllegalStateException("no dice");
                })
                .protect(provider.failing(failure))
                .subscribe(heard);
        assertThat(heard.error).hasMessage("no dice").hasSuppressedException(failure);
    }

    @Test
    void aSecondErrorOfOneAttemptIsDropped() {
        TestPublisher<String> call = TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
        StepVerifier.create(provider.retry(1).protect(call.flux()))
                .then(() -> call.error(serverError()))
                .then(() -> call.error(new IllegalStateException("again")))
                .expectError()
                .verifyThenAssertThat()
                .hasDroppedErrorWithMessage("again");
    }

    @Test
    void aSecondSubscriptionOfOneAttemptIsRefused() {
        List<String> cancelled = new ArrayList<>();
        Flux<String> call = new Flux<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                actual.onSubscribe(Operators.emptySubscription());
                actual.onSubscribe(new Subscription() {
                    @Override
                    public void request(long n) {}

                    @Override
                    public void cancel() {
                        cancelled.add("second");
                    }
                });
                actual.onComplete();
            }
        };
        StepVerifier.create(provider.retry(1).protect(call)).verifyComplete();
        assertThat(cancelled).containsExactly("second");
    }

    @Test
    void aSchedulerThatIsShutDownEndsTheCallWithItsLastError() {
        Scheduler closed = Schedulers.newSingle("closed");
        closed.dispose();
        Throwable failure = serverError();
        StepVerifier.create(ProviderRetry.attempts(3).scheduler(closed).protect(Mono.error(failure)))
                .expectErrorMatches(error -> error == failure)
                .verify(Duration.ofSeconds(5));
        assertThat(ProviderRetry.report(failure)).isEqualTo(new RetryReport(1, Duration.ZERO, Reason.SHUT_DOWN));
        StepVerifier.create(
                        Mono.error(failure).retryWhen(ProviderRetry.attempts(3).scheduler(closed)))
                .expectErrorMatches(error -> error == failure)
                .verify(Duration.ofSeconds(5));
    }

    // ---- what operators owe to Reactor ----

    @Test
    void aTracebackNamesTheOperator() {
        Hooks.onOperatorDebug();
        try {
            Throwable failure = new IllegalArgumentException("wrong");
            StepVerifier.create(provider.retry(3).protect(Mono.error(failure)))
                    .verifyErrorSatisfies(error -> assertThat(error.getSuppressed())
                            .anySatisfy(trace -> assertThat(trace).hasStackTraceContaining("ProtectTest")));
        } finally {
            Hooks.resetOnOperatorDebug();
        }
    }

    @Test
    void itCanBeScanned() {
        Scannable[] scanned = new Scannable[1];
        Heard<String> heard = new Heard<>(1, Context.empty()) {
            @Override
            public void onSubscribe(Subscription subscription) {
                scanned[0] = Scannable.from(subscription);
                super.onSubscribe(subscription);
            }
        };
        Throwable failure = serverError();
        provider.retry(3).protect(provider.failing(failure)).subscribe(heard);
        assertThat(scanned[0].scanUnsafe(Scannable.Attr.ACTUAL)).isSameAs(heard);
        assertThat(scanned[0].scan(Scannable.Attr.ERROR)).isSameAs(failure);
        assertThat(scanned[0].scan(Scannable.Attr.REQUESTED_FROM_DOWNSTREAM)).isEqualTo(1);
        assertThat(scanned[0].scan(Scannable.Attr.TERMINATED)).isFalse();
        assertThat(scanned[0].scan(Scannable.Attr.RUN_STYLE)).isEqualTo(Scannable.Attr.RunStyle.ASYNC);
        heard.cancel();
        assertThat(scanned[0].scan(Scannable.Attr.CANCELLED)).isTrue();
        assertThat(scanned[0].scan(Scannable.Attr.TERMINATED)).isFalse();
    }

    @Test
    void itComposesAsAFunction() {
        Function<Flux<String>, Flux<String>> protect = provider.retry(2)::protect;
        StepVerifier.create(Flux.just("a").transform(protect)).expectNext("a").verifyComplete();
    }
}
