package io.sluice.debounce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.FailureClass;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class DebouncerTest {

    private static final Duration COOLDOWN = Duration.ofMinutes(5);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final AtomicInteger ran = new AtomicInteger();
    private final Mono<Integer> tool = Mono.fromCallable(ran::incrementAndGet);

    private Debouncer debouncer(UnaryOperator<Debouncer.Builder> change) {
        return change.apply(Debouncer.builder().scheduler(clock)).build();
    }

    private Debouncer mode(DebounceMode mode) {
        return debouncer(builder -> builder.mode(mode));
    }

    private static <T> List<Object> told(Mono<T> call) {
        List<Object> told = new ArrayList<>();
        call.subscribe(told::add, told::add);
        return told;
    }

    private static @Nullable DebounceLimit limit(List<Object> told) {
        return told.size() == 1 && told.get(0) instanceof DebouncedException denied ? denied.limit() : null;
    }

    // ---- leading ----

    @Test
    void theFirstTriggerRunsAndThoseWithinItsCooldownAreDenied() {
        Debouncer debouncer = debouncer(builder -> builder);
        Mono<Integer> call = debouncer.protect("deploy", tool);
        assertThat(told(call)).containsExactly(1);
        clock.advanceTimeBy(COOLDOWN.minusNanos(1));
        assertThat(limit(told(call))).isEqualTo(DebounceLimit.COOLDOWN);
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(told(call)).containsExactly(2);
    }

    @Test
    void theDenialSaysWhatAndHowLong() {
        Debouncer debouncer = debouncer(builder -> builder);
        told(debouncer.protect("deploy", tool));
        clock.advanceTimeBy(Duration.ofSeconds(1));
        StepVerifier.create(debouncer.protect("deploy", tool)).verifyErrorSatisfies(error -> {
            DebouncedException denied = (DebouncedException) error;
            assertThat(denied)
                    .hasMessage("Trigger deploy was debounced: it ran less than its cooldown ago. Allowed in PT4M59S;"
                            + " try again then, or use the result of the one that ran.");
            assertThat(denied.retryAfter()).isEqualTo(Duration.ofSeconds(299));
            assertThat(denied.key()).isEqualTo("deploy");
            assertThat(denied.failureClass()).isEqualTo(FailureClass.REJECTED);
            assertThat(denied.getStackTrace()).isEmpty();
        });
    }

    @Test
    void aFailingToolInATightLoopRunsOnceACooldown() {
        Debouncer debouncer = debouncer(builder -> builder);
        Mono<Integer> failing = debouncer.protect("flaky", tool.then(Mono.error(new IOException("reset"))));
        for (int i = 0; i < 1_000; i++) {
            told(failing);
        }
        assertThat(ran).hasValue(1);
        clock.advanceTimeBy(COOLDOWN);
        for (int i = 0; i < 1_000; i++) {
            told(failing);
        }
        assertThat(ran).hasValue(2);
    }

    @Test
    void aFailureThatDoesNotCountFreesItsKeyBeforeItIsTold() {
        Debouncer debouncer = debouncer(builder -> builder.countFailures(false));
        StepVerifier.create(debouncer
                        .protect("flaky", tool.then(Mono.<Integer>error(new IOException("reset"))))
                        .onErrorResume(error -> debouncer.protect("flaky", tool)))
                .expectNext(2)
                .verifyComplete();
        assertThat(limit(told(debouncer.protect("flaky", tool)))).isEqualTo(DebounceLimit.COOLDOWN);
    }

    @Test
    void aCancelledRunCounts() {
        Debouncer debouncer = debouncer(builder -> builder.countFailures(false));
        debouncer.protect("slow", Mono.never()).subscribe().dispose();
        assertThat(limit(told(debouncer.protect("slow", tool)))).isEqualTo(DebounceLimit.COOLDOWN);
    }

    @Test
    void theHourlyCapIsSharedByAllKeysAndItsWaitIsTheTrueOne() {
        Debouncer debouncer = debouncer(builder -> builder);
        for (int i = 0; i < 5; i++) {
            assertThat(told(debouncer.protect("tool-" + i, tool))).containsExactly(i + 1);
            clock.advanceTimeBy(Duration.ofSeconds(1));
        }
        assertThat(debouncer.timeUntilAllowed("tool-5")).isEqualTo(Duration.ofSeconds(3595));
        TriggerDecision decision = debouncer.admit("tool-5");
        assertThat(decision)
                .isEqualTo(new TriggerDecision.Denied("tool-5", DebounceLimit.HOURLY, Duration.ofSeconds(3595)));
        assertThat(debouncer.timeUntilAllowed("tool-0"))
                .as("its cooldown is shorter than what the hour asks for")
                .isEqualTo(Duration.ofSeconds(3595));
        clock.advanceTimeBy(Duration.ofSeconds(3595));
        assertThat(debouncer.admit("tool-5")).isEqualTo(new TriggerDecision.Admitted("tool-5"));
        assertThat(debouncer.admit("tool-6").isAdmitted()).isFalse();
    }

    @Test
    void cooldownsAndCapsOfSingleKeys() {
        Debouncer debouncer = debouncer(builder -> builder.unlimitedPerHour()
                .perHourOfKey(2)
                .cooldown("quick", Duration.ofSeconds(1))
                .cooldown("free", Duration.ZERO));
        assertThat(debouncer.admit("quick").isAdmitted()).isTrue();
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(debouncer.admit("quick").isAdmitted()).isTrue();
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(debouncer.admit("quick"))
                .isEqualTo(new TriggerDecision.Denied(
                        "quick",
                        DebounceLimit.HOURLY_OF_KEY,
                        Duration.ofHours(1).minusSeconds(2)));
        assertThat(debouncer.admit("free").isAdmitted()).isTrue();
        assertThat(debouncer.admit("free").isAdmitted()).isTrue();
        assertThat(debouncer.admit("free").isAdmitted()).isFalse();
    }

    @Test
    void aDenialCanBeTurnedIntoItsError() {
        Debouncer debouncer = debouncer(builder -> builder.perHour(1));
        debouncer.admit("a");
        TriggerDecision.Denied denied = (TriggerDecision.Denied) debouncer.admit("b");
        assertThat(denied.toException()).hasMessageContaining("as many triggers ran within the last hour as may");
        assertThat(denied.toException().retryAfter()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void askingHowLongTakesNothing() {
        Debouncer debouncer = debouncer(builder -> builder.perHour(1));
        assertThat(debouncer.timeUntilAllowed("a")).isZero();
        assertThat(debouncer.timeUntilAllowed("a")).isZero();
        assertThat(debouncer.admit("a").isAdmitted()).isTrue();
    }

    @Test
    void whatRanCanBeForgotten() {
        Debouncer debouncer = debouncer(builder -> builder.perHour(2));
        debouncer.admit("a");
        debouncer.reset("a");
        assertThat(debouncer.admit("a").isAdmitted()).isTrue();
        debouncer.reset("a");
        assertThat(debouncer.admit("a").isAdmitted()).as("the hour stays").isFalse();
        debouncer.reset();
        assertThat(debouncer.admit("a").isAdmitted()).isTrue();
    }

    @Test
    void keysAreForgottenWhenTheirTimeIsOver() {
        Debouncer debouncer = debouncer(Debouncer.Builder::unlimitedPerHour);
        for (int i = 0; i < 50_000; i++) {
            debouncer.admit("tool-" + i);
        }
        assertThat(debouncer.keys()).isEqualTo(50_000);
        clock.advanceTimeBy(COOLDOWN);
        assertThat(debouncer.keys()).isZero();
        assertThat(debouncer.admit("tool-1").isAdmitted()).isTrue();
    }

    @Test
    void aDeniedCallIsNotMade() {
        Debouncer debouncer = debouncer(builder -> builder);
        debouncer.admit("deploy");
        PublisherProbe<Integer> call = PublisherProbe.of(tool);
        told(debouncer.protect("deploy", call.mono()));
        call.assertWasNotSubscribed();
    }

    @Test
    void itRunsOnWhateverTimeIsInUse() {
        Debouncer built = Debouncer.builder().build();
        StepVerifier.withVirtualTime(() ->
                        built.protect("a", tool).then(Mono.delay(COOLDOWN)).then(built.protect("a", tool)))
                .thenAwait(COOLDOWN)
                .expectNext(2)
                .verifyComplete();
    }

    // ---- trailing ----

    @Test
    void theLastTriggerRunsOnceItsKeyIsQuiet() {
        Debouncer debouncer = mode(DebounceMode.TRAILING);
        List<Object> first = told(debouncer.protect("index", tool.map(n -> "first " + n)));
        clock.advanceTimeBy(Duration.ofSeconds(200));
        List<Object> second = told(debouncer.protect("index", tool.map(n -> "second " + n)));
        clock.advanceTime();
        assertThat(limit(first)).isEqualTo(DebounceLimit.SUPERSEDED);
        assertThat(((DebouncedException) first.get(0)).retryAfter()).isEqualTo(COOLDOWN);
        clock.advanceTimeBy(COOLDOWN.minusNanos(1));
        assertThat(second).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(second).containsExactly("second 1");
        List<Object> third = told(debouncer.protect("index", tool.map(n -> "third " + n)));
        clock.advanceTimeBy(COOLDOWN);
        assertThat(third).containsExactly("third 2");
    }

    @Test
    void keysAreQuietEachForItself() {
        Debouncer debouncer = mode(DebounceMode.TRAILING);
        List<Object> a = told(debouncer.protect("a", tool));
        clock.advanceTimeBy(Duration.ofSeconds(100));
        List<Object> b = told(debouncer.protect("b", tool));
        clock.advanceTimeBy(Duration.ofSeconds(200));
        assertThat(a).containsExactly(1);
        assertThat(b).isEmpty();
        clock.advanceTimeBy(Duration.ofSeconds(100));
        assertThat(b).containsExactly(2);
    }

    @Test
    void aTriggerThatIsCancelledDoesNotRunAndLeavesNothingBehind() {
        Debouncer debouncer = mode(DebounceMode.TRAILING);
        Disposable waiting = debouncer.protect("a", tool).subscribe();
        waiting.dispose();
        clock.advanceTimeBy(COOLDOWN);
        assertThat(ran).hasValue(0);
        assertThat(debouncer.keys()).isZero();
        assertThat(debouncer.timeUntilAllowed("a")).isZero();
    }

    @Test
    void theHourlyCapIsAskedWhenATriggerRuns() {
        Debouncer debouncer =
                debouncer(builder -> builder.mode(DebounceMode.TRAILING).perHour(1));
        told(debouncer.protect("a", tool));
        List<Object> second = told(debouncer.protect("b", tool));
        clock.advanceTimeBy(COOLDOWN);
        assertThat(ran).hasValue(1);
        assertThat(limit(second)).isEqualTo(DebounceLimit.HOURLY);
    }

    @Test
    void aWaitingTriggerPassesErrorsAndDemandOn() {
        Debouncer debouncer =
                debouncer(builder -> builder.mode(DebounceMode.TRAILING).countFailures(false));
        StepVerifier.create(debouncer.protect("a", Mono.error(new IOException("reset"))), 0)
                .expectSubscription()
                .then(() -> clock.advanceTimeBy(COOLDOWN))
                .verifyError(IOException.class);
        assertThat(debouncer.timeUntilAllowed("a"))
                .as("failures do not count here")
                .isZero();
        StepVerifier.create(debouncer.protect("a", tool), 0)
                .then(() -> clock.advanceTimeBy(COOLDOWN))
                .thenRequest(1)
                .expectNext(1)
                .verifyComplete();
    }

    // ---- share ----

    @Test
    void whoComesDuringTheFlightGetsTheSameResult() {
        Debouncer debouncer = mode(DebounceMode.SHARE);
        Sinks.One<Integer> answer = Sinks.one();
        Mono<Integer> call = debouncer.protect("report", tool.then(answer.asMono()));
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(told(call));
        }
        assertThat(ran).hasValue(1);
        answer.tryEmitValue(42);
        assertThat(all).allMatch(told -> told.equals(List.of(42)));
        assertThat(limit(told(call))).isEqualTo(DebounceLimit.COOLDOWN);
    }

    @Test
    void aSharedFailureIsToldToAll() {
        Debouncer debouncer =
                debouncer(builder -> builder.mode(DebounceMode.SHARE).countFailures(false));
        Sinks.One<Integer> answer = Sinks.one();
        Mono<Integer> call = debouncer.protect("report", tool.then(answer.asMono()));
        List<Object> first = told(call);
        List<Object> second = told(call);
        answer.tryEmitError(new IOException("reset"));
        assertThat(first).hasSize(1).isEqualTo(second);
        assertThat(debouncer.timeUntilAllowed("report")).isZero();
    }

    @Test
    void aSharedCallIsCancelledWhenTheLastOneHasLeft() {
        Debouncer debouncer = mode(DebounceMode.SHARE);
        PublisherProbe<Integer> probe = PublisherProbe.of(Mono.never());
        Mono<Integer> call = debouncer.protect("report", probe.mono());
        Disposable first = call.subscribe();
        Disposable second = call.subscribe();
        first.dispose();
        first.dispose();
        probe.assertWasNotCancelled();
        second.dispose();
        probe.assertWasCancelled();
        assertThat(limit(told(call))).as("it ran").isEqualTo(DebounceLimit.COOLDOWN);
    }

    @Test
    void aFlightLongerThanTheCooldownIsStillJoined() {
        Debouncer debouncer = mode(DebounceMode.SHARE);
        Sinks.One<Integer> answer = Sinks.one();
        Mono<Integer> call = debouncer.protect("report", tool.then(answer.asMono()));
        List<Object> first = told(call);
        clock.advanceTimeBy(COOLDOWN.multipliedBy(3));
        List<Object> second = told(call);
        assertThat(ran).hasValue(1);
        answer.tryEmitValue(7);
        assertThat(first).isEqualTo(second).containsExactly(7);
        clock.advanceTime();
        assertThat(debouncer.keys()).isZero();
        assertThat(told(debouncer.protect("report", tool))).containsExactly(2);
    }

    @Test
    void aSharedEmptyAnswerAndASynchronousOneAreTold() {
        Debouncer debouncer = mode(DebounceMode.SHARE);
        StepVerifier.create(debouncer.protect("a", Mono.empty())).verifyComplete();
        StepVerifier.create(debouncer.protect("b", tool), 0)
                .expectSubscription()
                .thenRequest(1)
                .expectNext(1)
                .verifyComplete();
    }

    @Test
    void aSharedCallRunsWithTheContextOfWhoBeganIt() {
        Debouncer debouncer = mode(DebounceMode.SHARE);
        Sinks.Empty<Void> go = Sinks.empty();
        Mono<String> call = debouncer.protect(
                "report", Mono.deferContextual(context -> go.asMono().then(Mono.just(context.<String>get("tenant")))));
        List<Object> first = told(call.contextWrite(context -> context.put("tenant", "a")));
        List<Object> second = told(call.contextWrite(context -> context.put("tenant", "b")));
        go.tryEmitEmpty();
        assertThat(first).isEqualTo(second).containsExactly("a");
    }

    // ---- throttle ----

    private static String firstLetter(String word) {
        return word.substring(0, 1);
    }

    @Test
    void ofAStreamThoseElementsPassThatMayRun() {
        Debouncer debouncer = debouncer(builder -> builder.perHour(3));
        StepVerifier.create(Flux.just("a1", "a2", "b1", "a3", "c1", "d1", "b2")
                        .transform(debouncer.throttle(DebouncerTest::firstLetter)))
                .expectNext("a1", "b1", "c1")
                .expectComplete()
                .verifyThenAssertThat()
                .hasDiscardedExactly("a2", "a3", "d1", "b2");
    }

    @Test
    void demandIsNotUsedUpByWhatIsDiscarded() {
        Debouncer debouncer = debouncer(builder -> builder);
        StepVerifier.create(
                        Flux.just("a1", "a2", "a3", "b1").transform(debouncer.throttle(DebouncerTest::firstLetter)), 1)
                .expectNext("a1")
                .thenRequest(1)
                .expectNext("b1")
                .verifyComplete();
    }

    @Test
    void aKeyThatCannotBeReadEndsTheStream() {
        for (DebounceMode mode : List.of(DebounceMode.LEADING, DebounceMode.TRAILING)) {
            TestPublisher<String> source = TestPublisher.create();
            StepVerifier.create(source.flux().transform(mode(mode).throttle(DebouncerTest::firstLetter)))
                    .then(() -> source.next(""))
                    .verifyError(StringIndexOutOfBoundsException.class);
            source.assertCancelled();
        }
    }

    @Test
    void ofAQuietKeyTheLastElementPasses() {
        Debouncer debouncer = mode(DebounceMode.TRAILING);
        TestPublisher<String> source = TestPublisher.create();
        List<String> told = new ArrayList<>();
        source.flux().transform(debouncer.throttle(DebouncerTest::firstLetter)).subscribe(told::add);
        source.next("a1", "b1");
        clock.advanceTimeBy(Duration.ofSeconds(200));
        source.next("a2");
        clock.advanceTimeBy(Duration.ofSeconds(100).minusNanos(1));
        assertThat(told).isEmpty();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(told).containsExactly("b1");
        clock.advanceTimeBy(Duration.ofSeconds(200));
        assertThat(told).containsExactly("b1", "a2");
    }

    @Test
    void whatWaitsPassesAtTheEndOfTheStream() {
        Debouncer debouncer = mode(DebounceMode.TRAILING);
        StepVerifier.create(Flux.just("a1", "b1", "a2", "b2").transform(debouncer.throttle(DebouncerTest::firstLetter)))
                .expectNextCount(2)
                .expectComplete()
                .verifyThenAssertThat()
                .hasDiscardedExactly("a1", "b1");
    }

    @Test
    void whatWaitsIsNotToldAfterAnErrorOrACancellation() {
        Debouncer debouncer = mode(DebounceMode.TRAILING);
        StepVerifier.create(Flux.just("a1")
                        .concatWith(Flux.error(new IOException("reset")))
                        .transform(debouncer.throttle(DebouncerTest::firstLetter)))
                .expectError(IOException.class)
                .verifyThenAssertThat()
                .hasDiscardedExactly("a1");
        TestPublisher<String> source = TestPublisher.create();
        List<String> told = new ArrayList<>();
        Disposable listening = source.flux()
                .transform(debouncer.throttle(DebouncerTest::firstLetter))
                .subscribe(told::add);
        source.next("a1");
        listening.dispose();
        source.assertCancelled();
        clock.advanceTimeBy(COOLDOWN);
        assertThat(told).isEmpty();
    }

    @Test
    void aSubscriberThatIsNotReadyGetsTheLatestOfEachKey() {
        Debouncer debouncer = mode(DebounceMode.TRAILING);
        TestPublisher<String> source = TestPublisher.create();
        StepVerifier.create(source.flux().transform(debouncer.throttle(DebouncerTest::firstLetter)), 0)
                .expectSubscription()
                .then(() -> source.next("a1"))
                .then(() -> clock.advanceTimeBy(COOLDOWN))
                .then(() -> source.next("a2"))
                .thenRequest(1)
                .then(() -> clock.advanceTimeBy(COOLDOWN.minusNanos(1)))
                .then(() -> assertThat(debouncer.timeUntilAllowed("a")).isZero())
                .then(() -> clock.advanceTimeBy(Duration.ofNanos(1)))
                .expectNext("a2")
                .then(source::complete)
                .verifyComplete();
    }

    @Test
    void valuesOutOfTheirRangeAreRefused() {
        Debouncer.Builder builder = Debouncer.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.cooldown(Duration.ofSeconds(-1)))
                .withMessage("cooldown must not be negative, was PT-1S");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.cooldown("a", Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.perHour(0))
                .withMessage("perHour must be at least 1, was 0");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.perHourOfKey(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.scheduler(Schedulers.immediate()).build());
    }
}
