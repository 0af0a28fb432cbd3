package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A call inside a call of the same model: an agent that calls a tool that calls the model. */
class NestedCallsTest {

    private final VirtualLimiter one =
            new VirtualLimiter(profile -> profile.rpm(100).tpm(1_000));

    private <T> Mono<T> call(Mono<T> inside) {
        return one.limiter.withPermit(tokens(10), permit -> inside);
    }

    @Test
    void aCallInsideACallUsesItsSlotInsteadOfWaitingForEver() {
        List<RateLimitEvent> events = new ArrayList<>();
        one.limiter.events().subscribe(events::add);
        assertThat(call(call(call(Mono.just("deep")))).block(Duration.ofSeconds(5)))
                .isEqualTo("deep");
        assertThat(one.snapshot().requests()).as("each is charged").isEqualTo(3);
        assertThat(one.snapshot().tokens()).isEqualTo(30);
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(events.stream().filter(RateLimitEvent.Nested.class::isInstance))
                .hasSize(2);
    }

    @Test
    void itGoesBeforeTheQueue() {
        Sinks.One<String> tool = Sinks.one();
        List<String> done = new ArrayList<>();
        call(tool.asMono()
                        .flatMap(x -> call(Mono.just("inner")).doOnNext(done::add))
                        .thenReturn("outer"))
                .subscribe(done::add);
        call(Mono.just("queued")).subscribe(done::add);
        tool.tryEmitValue("go");
        assertThat(done).hasSize(3).startsWith("inner").contains("queued", "outer");
    }

    @Test
    void itWaitsForTheWindowsAndEverybodyBehindIt() {
        Sinks.One<String> tool = Sinks.one();
        List<String> done = new ArrayList<>();
        one.limiter
                .withPermit(tokens(995), permit -> tool.asMono().flatMap(x -> call(Mono.just("inner"))))
                .subscribe(done::add);
        tool.tryEmitValue("go");
        one.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(done).isEmpty();
        one.pass(Duration.ofNanos(1));
        assertThat(done).containsExactly("inner");
    }

    @Test
    void twoInsideOneUseItsSlotOneAfterTheOther() {
        Sinks.One<String> first = Sinks.one();
        Sinks.One<String> second = Sinks.one();
        Disposable outer =
                call(Mono.zip(call(first.asMono()), call(second.asMono()))).subscribe();
        assertThat(one.snapshot().requests()).as("outer and first").isEqualTo(2);
        first.tryEmitValue("a");
        assertThat(one.snapshot().requests()).isEqualTo(3);
        second.tryEmitValue("b");
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(outer.isDisposed()).isTrue();
    }

    @Test
    void aSecondOneInsideTakesAFreeSlotWhereThereIsOne() {
        VirtualLimiter wide = new VirtualLimiter(profile -> profile.rpm(100).concurrency(2));
        Disposable outer = wide.limiter
                .withPermit(
                        tokens(1),
                        permit -> Mono.zip(
                                wide.limiter.withPermit(tokens(1), inner -> Mono.never()),
                                wide.limiter.withPermit(tokens(1), inner -> Mono.never())))
                .subscribe();
        assertThat(wide.snapshot().requests()).isEqualTo(3);
        assertThat(wide.snapshot().inFlight()).isEqualTo(2);
        outer.dispose();
        assertThat(wide.snapshot().inFlight()).isZero();
    }

    @Test
    void oneThatWaitsForASlotDoesNotHoldUpOneDeeperInside() {
        Sinks.One<String> tool = Sinks.one();
        List<String> done = new ArrayList<>();
        call(Mono.zip(
                        call(tool.asMono().flatMap(x -> call(Mono.just("deepest"))))
                                .doOnNext(done::add),
                        call(Mono.just("sibling")).doOnNext(done::add)))
                .subscribe();
        tool.tryEmitValue("go");
        assertThat(done).containsExactly("deepest", "sibling");
        assertThat(one.snapshot().inFlight()).isZero();
    }

    @Test
    void anInnerCallThatOutlivesTheOuterTakesItsSlotOver() {
        Sinks.One<String> inner = Sinks.one();
        AtomicReference<Disposable> detached = new AtomicReference<>();
        Mono<String> outer = one.limiter.withPermit(
                tokens(1),
                permit -> Mono.deferContextual(context -> {
                    detached.set(call(inner.asMono()).contextWrite(context).subscribe());
                    return Mono.just("outer");
                }));
        assertThat(outer.block()).isEqualTo("outer");
        assertThat(one.snapshot().inFlight()).as("the inner call runs on").isEqualTo(1);
        Caller next = one.ask(1);
        assertThat(next.hasPermit()).isFalse();
        inner.tryEmitValue("done");
        assertThat(next.hasPermit()).isTrue();
        assertThat(detached.get().isDisposed()).isTrue();
    }

    @Test
    void aCallThatFindsItsOuterCallEndedWaitsLikeAnyOther() {
        AtomicReference<Mono<String>> late = new AtomicReference<>();
        one.limiter
                .withPermit(
                        tokens(1),
                        permit -> Mono.deferContextual(context -> {
                            late.set(call(Mono.just("late")).contextWrite(context));
                            return Mono.just("outer");
                        }))
                .block();
        Caller holder = one.ask(1);
        List<String> done = new ArrayList<>();
        late.get().subscribe(done::add);
        assertThat(done).isEmpty();
        holder.permit().release();
        assertThat(done).containsExactly("late");
        assertThat(one.snapshot().inFlight()).isZero();
    }

    @Test
    void anotherModelIsAnotherQueue() {
        VirtualLimiter two = new VirtualLimiter(
                profile -> profile,
                builder -> builder.profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("*", "*").rpm(100).build())));
        String answer = two.limiter
                .withPermit(
                        tokens(1),
                        permit -> two.limiter.withPermit(
                                PermitRequest.of(io.sluice.model.ModelKey.of("p", "other")), inner -> Mono.just("x")))
                .block(Duration.ofSeconds(5));
        assertThat(answer).isEqualTo("x");
    }

    @Test
    void whereTheyAreRefusedACallInsideACallFailsAtOnceAndTheOuterGoesOn() {
        VirtualLimiter strict = new VirtualLimiter(
                profile -> profile.rpm(100).concurrency(5), limiter -> limiter.nested(NestedCalls.FAIL));
        List<RateLimitEvent> events = new ArrayList<>();
        strict.limiter.events().subscribe(events::add);
        AtomicReference<Permit> outer = new AtomicReference<>();
        AtomicReference<Throwable> refusal = new AtomicReference<>();
        Mono<String> call = strict.limiter.withPermit(tokens(1), permit -> {
            outer.set(permit);
            return strict.limiter
                    .withPermit(tokens(1), inner -> Mono.just("inner"))
                    .doOnError(refusal::set)
                    .onErrorReturn("without it");
        });
        assertThat(call.block(Duration.ofSeconds(5))).isEqualTo("without it");
        assertThat(refusal.get())
                .isInstanceOfSatisfying(NestedCallException.class, refused -> {
                    assertThat(refused.key()).isEqualTo(VirtualLimiter.KEY);
                    assertThat(refused.outerPermit()).isEqualTo(outer.get().id());
                    assertThat(refused.failureClass()).isEqualTo(io.sluice.FailureClass.REJECTED);
                })
                .hasMessageContaining("p/m");
        assertThat(strict.snapshot().requests()).isEqualTo(1);
        assertThat(strict.snapshot().inFlight()).isZero();
        assertThat(events).anyMatch(RateLimitEvent.Rejected.class::isInstance);
    }

    @Test
    void whereTheyAreRefusedACallAfterTheOuterOneIsAnOrdinaryOne() {
        VirtualLimiter strict =
                new VirtualLimiter(profile -> profile.rpm(100), limiter -> limiter.nested(NestedCalls.FAIL));
        AtomicReference<Mono<String>> late = new AtomicReference<>();
        strict.limiter
                .withPermit(
                        tokens(1),
                        permit -> Mono.deferContextual(context -> {
                            late.set(strict.limiter
                                    .withPermit(tokens(1), inner -> Mono.just("late"))
                                    .contextWrite(context));
                            return Mono.just("outer");
                        }))
                .block();
        assertThat(late.get().block(Duration.ofSeconds(5))).isEqualTo("late");
    }

    @Test
    void itGoesBeforeHighPrioritiesAndCountsForItsTenant() {
        Sinks.One<String> tool = Sinks.one();
        List<String> done = new ArrayList<>();
        one.limiter
                .withPermit(
                        tokens(10).tenant("a"),
                        permit -> tool.asMono()
                                .flatMap(x -> one.limiter.withPermit(
                                        tokens(500).tenant("a").priority(io.sluice.call.Priority.LOW),
                                        inner -> Mono.fromRunnable(() -> done.add("inner"))))
                                .thenReturn("outer"))
                .subscribe();
        for (String tenant : List.of("a", "b", "b")) {
            one.limiter
                    .withPermit(
                            tokens(10).tenant(tenant).priority(io.sluice.call.Priority.HIGH),
                            permit -> Mono.fromRunnable(() -> done.add(tenant)))
                    .subscribe();
        }
        tool.tryEmitValue("go");
        one.clock.advanceTime();
        assertThat(done).containsExactly("inner", "b", "b", "a");
    }
}
