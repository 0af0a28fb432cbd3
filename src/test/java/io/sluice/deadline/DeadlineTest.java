package io.sluice.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.FailureClass;
import io.sluice.call.CutOff;
import io.sluice.testing.HeldScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.ContextView;

class DeadlineTest {

    private static final Duration TEN = Duration.ofSeconds(10);
    private static final Duration NANO = Duration.ofNanos(1);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final Deadline none = Deadline.none().scheduler(clock);

    /** What a subscriber was told. */
    private static final class Told<T> extends BaseSubscriber<T> {
        final List<T> values = new ArrayList<>();
        private final long first;

        @Nullable
        Throwable error;

        boolean completed;

        Told() {
            this(Long.MAX_VALUE);
        }

        Told(long first) {
            this.first = first;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            if (first > 0) {
                request(first);
            }
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

        DeadlineExceededException exceeded() {
            if (error instanceof DeadlineExceededException exceeded) {
                return exceeded;
            }
            throw new AssertionError("told no deadline", error);
        }
    }

    private <T> Told<T> watch(Flux<T> call) {
        Told<T> told = new Told<>();
        call.subscribe(told);
        return told;
    }

    private <T> Told<T> watch(Mono<T> call) {
        Told<T> told = new Told<>();
        call.subscribe(told);
        return told;
    }

    // ---- attempts ----

    @Test
    void atExactlyTheDeadlineAnAttemptIsOverAndCancelled() {
        PublisherProbe<String> call = PublisherProbe.of(Mono.never());
        Told<String> told = watch(none.withAttempt(TEN).named("search").protect(call.mono()));
        clock.advanceTimeBy(TEN.minus(NANO));
        assertThat(told.error).isNull();
        call.assertWasNotCancelled();
        clock.advanceTimeBy(NANO);
        call.assertWasCancelled();
        assertThat(told.exceeded())
                .hasMessage("An attempt of search did not end within PT10S (waited PT10S); it was cancelled. Try again,"
                        + " or allow an attempt more time.");
        assertThat(told.exceeded().bound()).isEqualTo(Bound.ATTEMPT);
        assertThat(told.exceeded().limit()).isEqualTo(TEN);
        assertThat(told.exceeded().waited()).isEqualTo(TEN);
        assertThat(told.exceeded().failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(told.exceeded().call()).isEqualTo("search");
        assertThat(told.exceeded().getStackTrace()).isEmpty();
    }

    @Test
    void anAnswerInTimeIsToldAndNothingStaysBehind() {
        Told<Long> told = watch(none.withAttempt(TEN).protect(Mono.delay(Duration.ofSeconds(9), clock)));
        clock.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(told.values).containsExactly(0L);
        assertThat(told.completed).isTrue();
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(told.error).isNull();
    }

    @Test
    void anErrorAndAnEmptyAnswerPass() {
        StepVerifier.create(none.withAttempt(TEN).protect(Mono.error(new IOException("reset"))))
                .verifyError(IOException.class);
        StepVerifier.create(none.withAttempt(TEN).protect(Mono.empty())).verifyComplete();
        StepVerifier.create(none.gap(TEN).protect(Flux.error(new IOException("reset"))))
                .verifyError(IOException.class);
        StepVerifier.create(none.gap(TEN).protect(Flux.range(1, 1000)))
                .expectNextCount(1000)
                .verifyComplete();
    }

    @Test
    void aCancellationReachesTheCallAndEndsTheWaiting() {
        PublisherProbe<String> call = PublisherProbe.of(Mono.never());
        Told<String> told = watch(none.withAttempt(TEN).protect(call.mono()));
        told.cancel();
        call.assertWasCancelled();
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(told.error).isNull();
    }

    @Test
    void anAttemptOfAStreamIsBoundedOnlyIfThatWasSet() {
        Flux<Long> endless = Flux.interval(Duration.ofSeconds(5), clock);
        Told<Long> bounded = watch(none.withAttempt(Duration.ofSeconds(12)).protect(endless));
        Told<Long> standard = watch(Deadline.standard().scheduler(clock).protect(endless));
        clock.advanceTimeBy(Duration.ofHours(1));
        assertThat(bounded.values).hasSize(2);
        assertThat(bounded.exceeded())
                .hasMessage("An attempt of the call did not end within PT12S (waited PT12S); it was cancelled. Elements"
                        + " until then: 2. Try again, or allow an attempt more time.");
        assertThat(standard.values).hasSize(720);
        standard.cancel();
    }

    @Test
    void theUsualAttemptIsAMinute() {
        Told<Object> told = watch(Deadline.standard().scheduler(clock).protect(Mono.never()));
        clock.advanceTimeBy(Duration.ofSeconds(60));
        assertThat(told.exceeded().bound()).isEqualTo(Bound.ATTEMPT);
    }

    @Test
    void anAttemptOfNoTimeIsOverAtOnce() {
        Told<Object> told = watch(none.attemptFrom(context -> Duration.ZERO).protect(Mono.never()));
        clock.advanceTime();
        assertThat(told.exceeded().bound()).isEqualTo(Bound.ATTEMPT);
    }

    // ---- streams ----

    @Test
    void theFirstElementMustComeInTime() {
        Told<Object> told =
                watch(none.firstElement(TEN).gap(Duration.ofSeconds(1)).protect(Flux.never()));
        clock.advanceTimeBy(TEN.minus(NANO));
        assertThat(told.error).isNull();
        clock.advanceTimeBy(NANO);
        assertThat(told.exceeded())
                .hasMessage("No first element of the call within PT10S (waited PT10S); it was cancelled. Try again, or"
                        + " allow the first element more time.");
        assertThat(told.exceeded().bound()).isEqualTo(Bound.FIRST_ELEMENT);
    }

    @Test
    void silenceBetweenElementsIsBoundedFromTheLastOne() {
        Sinks.Many<Integer> stream = Sinks.many().unicast().onBackpressureBuffer();
        Told<Integer> told =
                watch(none.firstElement(Duration.ofMinutes(1)).gap(TEN).protect(stream.asFlux()));
        for (int i = 0; i < 5; i++) {
            clock.advanceTimeBy(TEN.minus(NANO));
            stream.tryEmitNext(i);
        }
        clock.advanceTimeBy(TEN.minus(NANO));
        assertThat(told.error).isNull();
        clock.advanceTimeBy(NANO);
        assertThat(told.values).hasSize(5);
        assertThat(told.exceeded())
                .hasMessage(
                        "No further element of the call within PT10S (waited PT10S); it was cancelled. Elements until"
                                + " then: 5. Try again, or allow a longer gap.");
        assertThat(told.exceeded().elements()).isEqualTo(5);
        assertThat(stream.currentSubscriberCount()).isZero();
    }

    @Test
    void theEndIsWaitedForNoLongerThanAnElement() {
        Told<Integer> told = watch(none.gap(TEN).protect(Flux.just(1).concatWith(Flux.never())));
        clock.advanceTimeBy(TEN);
        assertThat(told.exceeded().bound()).isEqualTo(Bound.GAP);
    }

    @Test
    void aShortGapCountsAlthoughTheFirstElementWasAllowedLong() {
        Told<Long> told = watch(none.firstElement(Duration.ofMinutes(10))
                .gap(Duration.ofSeconds(1))
                .protect(Mono.delay(TEN, clock).concatWith(Mono.never())));
        clock.advanceTimeBy(Duration.ofSeconds(11).minus(NANO));
        assertThat(told.error).isNull();
        clock.advanceTimeBy(NANO);
        assertThat(told.exceeded().bound()).isEqualTo(Bound.GAP);
    }

    @Test
    void aSlowSubscriberDoesNotMakeItsSourceLate() {
        Told<Integer> told = new Told<>(1);
        Sinks.Many<Integer> stream = Sinks.many().unicast().onBackpressureBuffer();
        none.firstElement(TEN).gap(TEN).protect(stream.asFlux()).subscribe(told);
        stream.tryEmitNext(1);
        stream.tryEmitNext(2);
        clock.advanceTimeBy(Duration.ofHours(1));
        assertThat(told.error).isNull();
        told.request(2);
        assertThat(told.values).containsExactly(1, 2);
        clock.advanceTimeBy(TEN.minus(NANO));
        assertThat(told.error).isNull();
        clock.advanceTimeBy(NANO);
        assertThat(told.exceeded().bound()).isEqualTo(Bound.GAP);
    }

    @Test
    void aSubscriberThatWantsNothingYetIsNotTooLateForTheFirstElement() {
        Told<Integer> told = new Told<>(0);
        none.firstElement(TEN).protect(Flux.just(1, 2)).subscribe(told);
        clock.advanceTimeBy(Duration.ofHours(1));
        told.request(5);
        assertThat(told.values).containsExactly(1, 2);
        assertThat(told.completed).isTrue();
    }

    @Test
    void theTotalOfAStreamEndsWithItsFirstElement() {
        Deadline total = none.total(TEN);
        Told<Long> begun =
                watch(total.protect(Flux.interval(Duration.ofSeconds(9), clock).take(5)));
        Told<Object> silent = watch(total.protect(Flux.never()));
        clock.advanceTimeBy(Duration.ofSeconds(45));
        assertThat(begun.values).hasSize(5);
        assertThat(begun.completed).isTrue();
        assertThat(silent.exceeded().bound()).isEqualTo(Bound.TOTAL);
    }

    // ---- total ----

    @Test
    void theTotalIsOurOwnRefusalAndBoundsAttemptsAndWaits() {
        AtomicInteger attempts = new AtomicInteger();
        Deadline deadline = none.withAttempt(TEN).total(Duration.ofSeconds(25));
        Told<Object> told = watch(deadline.protectTotal(Mono.defer(() -> {
                    attempts.incrementAndGet();
                    return deadline.protectAttempt(Mono.never());
                })
                .retry()));
        clock.advanceTimeBy(Duration.ofSeconds(25));
        assertThat(attempts).hasValue(3);
        assertThat(told.exceeded())
                .hasMessage("the call with its attempts and waits did not end within PT25S (waited PT25S); it was"
                        + " cancelled. Allow a longer total, or do less.");
        assertThat(told.exceeded().failureClass()).isEqualTo(FailureClass.REJECTED);
    }

    @Test
    void valuesOfTheCallAndItsContextGoBeforeWhatIsSet() {
        Deadline deadline = none.withAttempt(TEN)
                .total(Duration.ofHours(1))
                .totalFrom(context -> context.<Duration>getOrDefault("total", null));
        Told<Object> said = watch(deadline.protectTotal(Mono.never())
                .contextWrite(context -> context.put("total", Duration.ofSeconds(3))));
        Told<Object> unsaid = watch(deadline.protectTotal(Mono.never()));
        clock.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(said.exceeded().limit()).isEqualTo(Duration.ofSeconds(3));
        assertThat(unsaid.error).isNull();
        clock.advanceTimeBy(Duration.ofHours(1));
        assertThat(unsaid.exceeded().limit()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aQuestionThatThrowsIsToldAsAnError() {
        Function<ContextView, Duration> throwing = context -> {
            throw new IllegalStateException("no value");
        };
        StepVerifier.create(none.totalFrom(throwing).protect(Mono.just(1))).verifyErrorMessage("no value");
        StepVerifier.create(none.attemptFrom(throwing).protect(Flux.just(1))).verifyErrorMessage("no value");
    }

    @Test
    void withoutAnyDeadlineNothingStandsBetween() {
        AtomicReference<Object> seen = new AtomicReference<>();
        CoreSubscriber<Object> actual = new Told<>();
        Mono<Object> source = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super Object> subscriber) {
                seen.set(subscriber);
            }
        };
        none.firstElement(TEN).protect(source).subscribe(actual);
        assertThat(seen.get()).isSameAs(actual);
    }

    // ---- manners ----

    @Test
    void aSourceThatIsNeverHeardOfRunsOutOfTimeToo() {
        AtomicInteger cancelled = new AtomicInteger();
        AtomicReference<CoreSubscriber<? super String>> late = new AtomicReference<>();
        Mono<String> silent = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                late.set(actual);
            }
        };
        Told<String> told = watch(none.withAttempt(TEN).protect(silent));
        clock.advanceTimeBy(TEN);
        assertThat(told.exceeded().bound()).isEqualTo(Bound.ATTEMPT);
        Objects.requireNonNull(late.get()).onSubscribe(new Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {
                cancelled.incrementAndGet();
            }
        });
        assertThat(cancelled).hasValue(1);
    }

    @Test
    void whoIsCancelledCanTellThatTheTimeWasOver() {
        List<@Nullable Throwable> reasons = new ArrayList<>();
        Mono<Object> call =
                Mono.deferContextual(context -> Mono.never().doOnCancel(() -> reasons.add(CutOff.of(context))));
        Deadline outer = none.total(TEN);
        Deadline inner = none.withAttempt(Duration.ofMinutes(1));
        watch(inner.protect(call)).cancel();
        Told<Object> told = watch(outer.protect(inner.protect(call)));
        clock.advanceTimeBy(TEN);
        assertThat(reasons).hasSize(2);
        assertThat(reasons.get(0)).as("cancelled by the subscriber").isNull();
        assertThat(reasons.get(1)).as("cut off from further out").isSameAs(told.error);
    }

    @Test
    void theErrorComesAfterTheElementThatIsBeingTold() {
        List<String> order = new ArrayList<>();
        AtomicInteger cancelled = new AtomicInteger();
        Flux<Integer> stream = none.withAttempt(TEN).protect(Flux.range(1, 3).doOnCancel(cancelled::incrementAndGet));
        stream.subscribe(
                value -> {
                    order.add("begin " + value);
                    clock.advanceTimeBy(TEN);
                    order.add("end " + value);
                },
                error -> order.add(error.getClass().getSimpleName()));
        assertThat(order).containsExactly("begin 1", "end 1", "DeadlineExceededException");
        assertThat(cancelled).hasPositiveValue();
    }

    @Test
    void aStreamMayTellTheNextElementWhileItIsAskedForIt() {
        Flux<Integer> recursive = Flux.from(subscriber -> subscriber.onSubscribe(new Subscription() {
            private int next;

            @Override
            public void request(long n) {
                if (++next <= 5) {
                    subscriber.onNext(next);
                } else if (next == 6) {
                    subscriber.onComplete();
                }
            }

            @Override
            public void cancel() {}
        }));
        Told<Integer> told = new Told<>();
        BaseSubscriber<Integer> oneByOne = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                request(1);
            }

            @Override
            protected void hookOnNext(Integer value) {
                told.values.add(value);
                request(1);
            }

            @Override
            protected void hookOnComplete() {
                told.completed = true;
            }
        };
        none.gap(TEN).protect(recursive).subscribe(oneByOne);
        assertThat(told.values).containsExactly(1, 2, 3, 4, 5);
        assertThat(told.completed).isTrue();
    }

    @Test
    void signalsAfterTheEndAreDropped() {
        TestPublisher<Integer> source = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.DEFER_CANCELLATION);
        StepVerifier.create(none.gap(TEN).protect(source.flux()))
                .then(() -> source.next(1))
                .then(() -> clock.advanceTimeBy(TEN))
                .then(() -> source.next(2).error(new IOException("reset")))
                .expectNext(1)
                .expectError(DeadlineExceededException.class)
                .verifyThenAssertThat()
                .hasDiscarded(2)
                .hasDroppedErrorWithMessage("reset");
    }

    @Test
    void whereTheSchedulerIsGoneACallThatNothingBoundsIsNotMade() {
        Scheduler gone = Schedulers.newSingle("gone");
        Deadline deadline = Deadline.attempt(TEN).firstElement(TEN).scheduler(gone);
        gone.dispose();
        PublisherProbe<Integer> call = PublisherProbe.of(Mono.just(1));
        StepVerifier.create(deadline.protect(call.mono())).verifyError(RejectedExecutionException.class);
        StepVerifier.create(deadline.protect(call.flux())).verifyError(RejectedExecutionException.class);
        call.assertWasNotSubscribed();
    }

    @Test
    void theTimerIsNotHeldUpByASlowSubscriber() {
        HeldScheduler held = new HeldScheduler();
        Deadline deadline = Deadline.attempt(TEN).scheduler(held);
        List<String> told = new ArrayList<>();
        deadline.protect(Mono.never()).subscribe(value -> {}, error -> {
            told.add("first");
            throw new IllegalStateException("a subscriber that throws");
        });
        deadline.protect(Mono.never()).subscribe(value -> {}, error -> told.add("second"));
        held.advanceBy(TEN);
        for (int i = 0; i < 3; i++) {
            try {
                held.runAll();
            } catch (RuntimeException ofTheSubscriber) {
                told.add("thrown");
            }
        }
        assertThat(told).contains("first", "second");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void itRunsOnVirtualTimeWhereverItWasBuilt(boolean defer) {
        Deadline built = Deadline.attempt(TEN);
        StepVerifier.withVirtualTime(
                        () -> built.protect(Mono.never()), () -> VirtualTimeScheduler.create(defer), Long.MAX_VALUE)
                .expectSubscription()
                .expectNoEvent(TEN.minus(NANO))
                .thenAwait(NANO)
                .verifyError(DeadlineExceededException.class);
        StepVerifier.withVirtualTime(
                        () -> built.gap(TEN).protect(Flux.just(1).concatWith(Flux.never())),
                        () -> VirtualTimeScheduler.create(defer),
                        Long.MAX_VALUE)
                .expectNext(1)
                .expectNoEvent(TEN.minus(NANO))
                .thenAwait(NANO)
                .verifyError(DeadlineExceededException.class);
    }

    @Test
    void manyCallsShareOneTask() {
        Disposable.Composite calls = Disposables.composite();
        for (int i = 0; i < 1_000; i++) {
            calls.add(none.withAttempt(TEN).protect(Mono.never()).subscribe(value -> {}, error -> {}));
        }
        assertThat(clock.getScheduledTaskCount()).isLessThan(10);
        calls.dispose();
    }

    @Test
    void aTimeThatIsNotPositiveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Deadline.attempt(Duration.ZERO))
                .withMessage("attempt must be greater than zero, was PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> none.firstElement(TEN.negated()));
        assertThatIllegalArgumentException().isThrownBy(() -> none.gap(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> none.total(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> none.scheduler(Schedulers.immediate()));
    }

    @Test
    void anEndlessDeadlineNeverComes() {
        Told<Object> told =
                watch(none.withAttempt(Duration.ofSeconds(Long.MAX_VALUE)).protect(Mono.never()));
        clock.advanceTimeBy(Duration.ofDays(10_000));
        assertThat(told.error).isNull();
    }
}
