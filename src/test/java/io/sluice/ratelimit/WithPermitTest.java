package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.KEY;
import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;

class WithPermitTest {

    private final VirtualLimiter one =
            new VirtualLimiter(profile -> profile.rpm(100).tpm(1_000));

    @Test
    void theSlotIsFreeBeforeTheAnswerIsTold() {
        List<Integer> inFlight = new ArrayList<>();
        one.limiter
                .withPermit(tokens(1), permit -> Mono.just("answer"))
                .doOnNext(answer -> inFlight.add(one.snapshot().inFlight()))
                .doOnTerminate(() -> inFlight.add(one.snapshot().inFlight()))
                .block();
        assertThat(inFlight).containsExactly(0, 0);
    }

    @Test
    void aThousandCallsInARowNeverWaitForTheirOwnSlot() {
        VirtualLimiter free = new VirtualLimiter(profile -> profile.concurrency(1));
        List<Duration> waits = Flux.range(0, 1_000)
                .concatMap(i -> free.limiter.withPermit(tokens(1), permit -> Mono.just(permit.waited())))
                .collectList()
                .block();
        assertThat(waits).hasSize(1_000).containsOnly(Duration.ZERO);
    }

    @Test
    void theUsageOfTheAnswerIsSettled() {
        StepVerifier.create(one.limiter.withPermit(tokens(500), Mono.just(120L), used -> TokenUsage.of(used, 0)))
                .expectNext(120L)
                .verifyComplete();
        assertThat(one.snapshot().tokens()).isEqualTo(120);
    }

    @Test
    void aCallThatSettlesItselfIsNotSettledAgain() {
        one.limiter
                .withPermit(tokens(500), permit -> Mono.just("x").doOnNext(x -> permit.succeeded(TokenUsage.of(7, 0))))
                .block();
        assertThat(one.snapshot().tokens()).isEqualTo(7);
    }

    @Test
    void anEmptyAnswerKeepsTheEstimate() {
        StepVerifier.create(one.limiter.withPermit(tokens(500), permit -> Mono.empty()))
                .verifyComplete();
        assertThat(one.snapshot().tokens()).isEqualTo(500);
        assertThat(one.snapshot().inFlight()).isZero();
    }

    @Test
    void aRefusalOfTheProviderReducesTheCap() {
        VirtualLimiter wide =
                new VirtualLimiter(profile -> profile.rpm(100).tpm(1_000).concurrency(4));
        ProviderFailure refused = new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, null);
        StepVerifier.create(wide.limiter.withPermit(tokens(500), permit -> Mono.error(refused)))
                .verifyErrorMatches(error -> error == refused);
        assertThat(wide.snapshot().currentConcurrencyCap()).isEqualTo(2);
        assertThat(wide.snapshot().tokens()).as("its tokens are given back").isZero();
        assertThat(wide.snapshot().requests()).as("its request stays").isEqualTo(1);
    }

    @Test
    void aFailureThatProvesThatNothingWasSentCostsNothing() {
        Mono<String> call = one.limiter.withPermit(
                tokens(500), permit -> Mono.error(new IllegalStateException(new ConnectException("refused"))));
        StepVerifier.create(call).verifyError(IllegalStateException.class);
        assertThat(one.snapshot().tokens()).isZero();
        assertThat(one.snapshot().requests()).isZero();
    }

    @Test
    void anyOtherFailureStaysCharged() {
        StepVerifier.create(one.limiter.withPermit(tokens(500), permit -> Mono.error(new IllegalStateException("500"))))
                .verifyError(IllegalStateException.class);
        assertThat(one.snapshot().tokens()).isEqualTo(500);
        assertThat(one.snapshot().requests()).isEqualTo(1);
    }

    @Test
    void aCallThatCannotBeMadeCostsNothing() {
        StepVerifier.create(one.limiter.withPermit(tokens(500), permit -> {
                    throw new IllegalArgumentException("no such tool");
                }))
                .verifyErrorMessage("no such tool");
        StepVerifier.create(one.limiter.withPermit(tokens(500), permit -> null))
                .verifyError(NullPointerException.class);
        assertThat(one.snapshot().requests()).isZero();
        assertThat(one.snapshot().inFlight()).isZero();
    }

    @Test
    void aUsageThatCannotBeReadIsAnErrorAndKeepsTheEstimate() {
        StepVerifier.create(one.limiter.withPermit(tokens(500), Mono.just("x"), answer -> {
                    throw new IllegalStateException("no usage");
                }))
                .verifyErrorMessage("no usage");
        assertThat(one.snapshot().tokens()).isEqualTo(500);
        assertThat(one.snapshot().inFlight()).isZero();
    }

    @Test
    void aCallCancelledWhileItRunsIsCancelledAndStaysCharged() {
        PublisherProbe<String> call = PublisherProbe.of(Mono.never());
        Disposable running =
                one.limiter.withPermit(tokens(500), permit -> call.mono()).subscribe();
        assertThat(one.snapshot().inFlight()).isEqualTo(1);
        running.dispose();
        call.assertWasCancelled();
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(one.snapshot().tokens()).isEqualTo(500);
    }

    @Test
    void aCallCancelledWhileItWaitsIsNeverSubscribedAndGivesItsPlaceBack() {
        Caller holder = one.ask(1);
        PublisherProbe<String> call = PublisherProbe.of(Mono.just("never"));
        AtomicInteger made = new AtomicInteger();
        Disposable waiting = one.limiter
                .withPermit(tokens(1), permit -> {
                    made.incrementAndGet();
                    return call.mono();
                })
                .subscribe();
        Caller behind = one.ask(1);
        assertThat(one.snapshot().pending()).isEqualTo(2);
        waiting.dispose();
        assertThat(one.snapshot().pending()).isEqualTo(1);
        holder.permit().succeeded(TokenUsage.UNKNOWN);
        assertThat(behind.hasPermit()).isTrue();
        call.assertWasNotSubscribed();
        assertThat(made).hasValue(0);
    }

    @Test
    void whenALargeHeadLeavesTheSmallOneBehindItGoesOn() {
        VirtualLimiter wide = new VirtualLimiter(profile -> profile.tpm(100).concurrency(9));
        wide.ask(60);
        Caller large = wide.ask(50);
        Caller small = wide.ask(40);
        assertThat(small.hasPermit()).isFalse();
        large.cancel();
        assertThat(small.hasPermit()).isTrue();
    }

    @Test
    void aDownstreamTimeoutFiresOnTimeAndTheCallIsNeverSubscribed() {
        one.ask(1);
        PublisherProbe<String> call = PublisherProbe.of(Mono.just("late"));
        AtomicReference<Throwable> error = new AtomicReference<>();
        one.limiter
                .withPermit(tokens(1), permit -> call.mono())
                .timeout(Duration.ofMillis(200), one.clock)
                .subscribe(value -> {}, error::set);
        one.pass(Duration.ofMillis(199));
        assertThat(error.get()).isNull();
        one.pass(Duration.ofMillis(1));
        assertThat(error.get()).isInstanceOf(TimeoutException.class);
        assertThat(one.snapshot().pending()).isZero();
        one.pass(Duration.ofMinutes(2));
        call.assertWasNotSubscribed();
    }

    @Test
    void nothingIsAskedForBeforeTheFirstRequest() {
        BaseSubscriber<Permit> idle = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}
        };
        one.limiter.acquire(tokens(1)).subscribe(idle);
        assertThat(one.snapshot().requests()).isZero();
        idle.request(1);
        idle.request(1);
        assertThat(one.snapshot().requests()).isEqualTo(1);
    }

    @Test
    void eachSubscriberAsksAnew() {
        VirtualLimiter wide = new VirtualLimiter(profile -> profile.rpm(100).concurrency(9));
        Mono<String> call = wide.limiter.withPermit(tokens(1), permit -> Mono.just(permit.id()));
        assertThat(call.block()).isNotEqualTo(call.block());
        assertThat(wide.snapshot().requests()).isEqualTo(2);
    }

    @Test
    void aStreamHoldsItsPermitUntilTheEnd() {
        Sinks.Many<String> chunks = Sinks.many().unicast().onBackpressureBuffer();
        StepVerifier.create(one.limiter.withPermitMany(tokens(1), permit -> chunks.asFlux()), 1)
                .then(() -> chunks.tryEmitNext("a"))
                .expectNext("a")
                .then(() -> assertThat(one.snapshot().inFlight()).isEqualTo(1))
                .thenRequest(5)
                .then(() -> chunks.tryEmitNext("b"))
                .expectNext("b")
                .then(chunks::tryEmitComplete)
                .verifyComplete();
        assertThat(one.snapshot().inFlight()).isZero();
    }

    @Test
    void theDemandForAStreamIsKeptUntilThereIsSomebodyToAsk() {
        Caller holder = one.ask(1);
        TestPublisher<String> chunks = TestPublisher.create();
        StepVerifier.create(one.limiter.withPermitMany(tokens(1), permit -> chunks.flux()), 0)
                .expectSubscription()
                .thenRequest(2)
                .thenRequest(3)
                .then(() -> holder.permit().release())
                .then(() -> chunks.assertMinRequested(5))
                .then(() -> chunks.emit("a", "b", "c"))
                .expectNext("a", "b", "c")
                .verifyComplete();
    }

    @Test
    void aStreamCancelledMidwayIsCancelledAndStaysCharged() {
        TestPublisher<String> chunks = TestPublisher.create();
        StepVerifier.create(one.limiter.withPermitMany(tokens(500), permit -> chunks.flux()))
                .then(() -> chunks.next("a"))
                .expectNext("a")
                .thenCancel()
                .verify();
        chunks.assertCancelled();
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(one.snapshot().tokens()).isEqualTo(500);
    }

    @Test
    void aSourceThatBreaksTheRulesEndsItsPermitOnce() {
        VirtualLimiter wide = new VirtualLimiter(profile -> profile.rpm(100).concurrency(9));
        TestPublisher<String> rude = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.DEFER_CANCELLATION);
        StepVerifier.create(wide.limiter.withPermitMany(tokens(1), permit -> rude.flux()))
                .then(() -> {
                    rude.complete();
                    rude.complete();
                    rude.error(new IllegalStateException("after the end"));
                })
                .expectComplete()
                .verifyThenAssertThat()
                .hasDroppedErrors(1);
        assertThat(wide.snapshot().inFlight()).isZero();
        assertThat(wide.ask(1).hasPermit()).isTrue();
    }

    @Test
    void usingWhenIsABracketForABarePermit() {
        Mono<String> call = Mono.usingWhen(
                one.limiter.acquire(tokens(10)),
                permit -> Mono.just("x"),
                permit -> Mono.fromRunnable(() -> permit.succeeded(TokenUsage.of(1, 0))));
        assertThat(call.block()).isEqualTo("x");
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(one.snapshot().tokens()).isEqualTo(1);
    }

    @Test
    void aForgottenPermitLosesItsSlotAndCanStillBeSettled() {
        Permit forgotten = one.ask(tokens(500).maxHold(Duration.ofMinutes(2))).permit();
        Caller waiting = one.ask(tokens(1).timeout(Duration.ofMinutes(3)));
        one.pass(Duration.ofMinutes(2).minusNanos(1));
        assertThat(waiting.hasPermit()).isFalse();
        one.pass(Duration.ofNanos(1));
        assertThat(waiting.hasPermit()).isTrue();
        forgotten.succeeded(TokenUsage.of(700, 0));
        assertThat(one.snapshot().tokens())
                .as("the excess, and the other's estimate")
                .isEqualTo(201);
        assertThat(one.snapshot().inFlight()).isEqualTo(1);
    }

    @Test
    void aCallOfWithPermitMayRunAsLongAsItLikes() {
        Disposable running = one.limiter
                .withPermit(tokens(1), permit -> VirtualLimiter.never())
                .subscribe();
        one.pass(Duration.ofHours(5));
        assertThat(one.snapshot().inFlight()).isEqualTo(1);
        running.dispose();
    }

    @Test
    void theContextOfTheSubscriberReachesTheCall() {
        String tenant = one.limiter
                .withPermit(tokens(1), permit -> Mono.deferContextual(context -> Mono.just(context.get("tenant"))))
                .contextWrite(context -> context.put("tenant", "a"))
                .map(Object::toString)
                .block();
        assertThat(tenant).isEqualTo("a");
    }

    @Test
    void operatorDebuggingSeesTheOperators() {
        Hooks.onOperatorDebug();
        try {
            StepVerifier.create(one.limiter.withPermit(tokens(1), permit -> Mono.error(new IllegalStateException("x"))))
                    .verifyErrorSatisfies(error -> assertThat(error.getSuppressed())
                            .anySatisfy(note -> assertThat(note.getMessage()).contains("Assembly trace")));
        } finally {
            Hooks.resetOnOperatorDebug();
        }
    }

    @Test
    void reactorsToolsCanLookIntoAWaitingCall() {
        one.ask(1);
        AtomicReference<org.reactivestreams.Subscription> subscription = new AtomicReference<>();
        one.limiter.withPermit(tokens(1), permit -> Mono.just("x")).subscribe(new BaseSubscriber<String>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription upstream) {
                subscription.set(upstream);
                upstream.request(1);
            }
        });
        Scannable waiting = Scannable.from(subscription.get());
        assertThat(waiting.name()).isEqualTo("permit of p/m");
        assertThat(waiting.scan(Scannable.Attr.CANCELLED)).isFalse();
        subscription.get().cancel();
        assertThat(waiting.scan(Scannable.Attr.CANCELLED)).isTrue();
    }

    @Test
    void anUnknownModelIsAnErrorOfTheSubscriber() {
        ModelRateLimiter limiter =
                ModelRateLimiter.builder().profiles(RateLimitProfiles.none()).build();
        StepVerifier.create(limiter.withPermit(PermitRequest.of(KEY), permit -> Mono.just("x")))
                .verifyError(UnknownModelException.class);
    }

    /** Its first demand is answered while the permit is handed over; all operators that take what they need cancel then. */
    @Test
    void aStreamIsCancelledWhileItAnswersItsFirstDemand() {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger cancels = new AtomicInteger();
        Flux<Integer> stream = Flux.range(1, 1_000).doOnNext(made::set).doOnCancel(cancels::incrementAndGet);
        Integer third = one.limiter
                .withPermitMany(tokens(1), permit -> stream)
                .filter(number -> number == 3)
                .next()
                .block();
        assertThat(third).isEqualTo(3);
        assertThat(made).hasValue(3);
        assertThat(cancels).hasValue(1);
        assertThat(one.snapshot().inFlight()).isZero();
    }
}
