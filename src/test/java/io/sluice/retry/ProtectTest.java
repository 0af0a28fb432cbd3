package io.sluice.retry;

import static io.sluice.retry.FailingProvider.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.Sluice;
import io.sluice.testing.Garbage;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

/** The operator: its attempts, and what operators owe to Reactor. */
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

    @Test
    void aMonoThatHasAnsweredIsNotRepeatedWhateverIsSetForStreams() {
        Heard<String> heard = new Heard<>();
        Mono<String> call = Mono.fromDirect(Flux.just("answer").concatWith(Flux.error(serverError())));
        provider.retry(3).repeatAfterFirstElement(true).protect(call).subscribe(heard);
        provider.pass(Duration.ofMinutes(1));
        assertThat(heard.elements).containsExactly("answer");
    }

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
