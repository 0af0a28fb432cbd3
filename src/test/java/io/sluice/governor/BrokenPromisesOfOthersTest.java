package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.KEY;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.breaker.CircuitOpenException;
import io.sluice.breaker.CircuitState;
import io.sluice.budget.BudgetExceededException;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.failure.ProviderFailure;
import io.sluice.governor.GovernedWorld.Told;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.retry.ProviderRetry;
import io.sluice.retry.RetryReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What compositions of such parts usually get wrong, each a test named after it. */
class BrokenPromisesOfOthersTest {

    private final GovernedWorld world = new GovernedWorld();
    private final Governor governor = world.all().build();

    private static <T> Mono<T> transientFailure() {
        return Mono.error(failure(FailureClass.TRANSIENT));
    }

    // ---- zip ----

    @Test
    void aZipWithOneRejectedLegLeavesNoOtherPermitOrReservationOpen() {
        Mono<String> runs = world.govern(governor, n -> Mono.never());
        Told told = world.subscribe(Mono.zip(runs, tooLarge()));
        assertThat(told.error).isInstanceOf(BudgetExceededException.class);
        assertThat(world.cut).isEqualTo(1);
        // It had been sent, so it is paid for.
        world.hasCounted(1, 1, 0, 100);
    }

    @Test
    void aZipWithOneRejectedLegLeavesNoOtherCallInTheQueue() {
        Told other = world.subscribe(world.limiter.withPermit(PermitRequest.of(KEY), permit -> Mono.never()));
        Mono<String> waits = world.govern(governor, n -> Mono.never());
        Told told = world.subscribe(Mono.zip(waits, tooLarge()));
        assertThat(told.error).isInstanceOf(BudgetExceededException.class);
        other.cancel();
        world.pass(Duration.ZERO);
        world.hasCounted(0, 1, 0, 0); // the one permit is that of the other call
    }

    private Mono<String> tooLarge() {
        return governor.govern(CALL.estimate(TokenEstimate.of(5_000, 0)), attempt -> Mono.never());
    }

    // ---- breaker ----

    @Test
    void aHangingBackendTripsTheBreakerThroughOurDeadline() {
        Governor once = world.all().retry(ProviderRetry.attempts(1)).build();
        for (int i = 0; i < 3; i++) {
            world.subscribe(world.govern(once, n -> Mono.never()));
            world.pass(Duration.ofSeconds(10));
        }
        assertThat(world.breakers.get(CALL.name()).state()).isEqualTo(CircuitState.OPEN);
        world.hasCounted(3, 3, 3, 300);
    }

    @Test
    void aHangingBackendTripsTheBreakerAlsoThroughTheTotal() {
        Governor once = world.all()
                .deadline(Deadline.none().total(Duration.ofSeconds(10)).scheduler(world.clock))
                .build();
        for (int i = 0; i < 3; i++) {
            world.subscribe(world.govern(once, n -> Mono.never()));
            world.pass(Duration.ofSeconds(10));
        }
        assertThat(world.breakers.get(CALL.name()).state()).isEqualTo(CircuitState.OPEN);
        world.hasCounted(3, 3, 3, 300);
    }

    @Test
    void aFallbackDoesNotHideFailuresFromTheBreaker() {
        Told told = world.subscribe(governor.govern(
                CALL,
                attempt -> world.call(attempt, n -> transientFailure()),
                Fallback.of("stored answer", failure -> Mono.just("stored"))));
        world.pass(Duration.ofSeconds(3));
        assertThat(told.values).containsExactly("stored");
        assertThat(world.breakers.get(CALL.name()).state()).isEqualTo(CircuitState.OPEN);
        world.hasCounted(3, 3, 3, 300);
    }

    @Test
    void noAttemptFollowsOnceTheBreakerIsOpen() {
        Governor patient = world.all()
                .retry(ProviderRetry.attempts(9).scheduler(world.clock).random(() -> 0))
                .build();
        Told told = world.subscribe(world.govern(patient, n -> transientFailure()));
        world.pass(Duration.ofSeconds(50));
        assertThat(told.error).isInstanceOf(CircuitOpenException.class);
        world.hasCounted(3, 3, 3, 300);
    }

    @Test
    void oneBrokenToolDoesNotStopTheOthers() {
        world.subscribe(world.govern(governor, n -> transientFailure()));
        world.pass(Duration.ofSeconds(10));
        Told told = world.subscribe(governor.govern(CALL.named("healthy"), attempt -> Mono.just("answer")));
        assertThat(told.values).containsExactly("answer");
    }

    // ---- cancellation ----

    @Test
    void cancellationWhileSomebodyDecidesReleasesEverything() {
        Governor careful = world.all().approval(call -> Mono.never()).build();
        world.subscribe(world.govern(careful, n -> Mono.never())).cancel();
        world.hasCounted(0, 0, 0, 0);
    }

    @Test
    void cancellationWhileTheCallWaitsForItsPermitReleasesEverything() {
        Told other = world.subscribe(world.limiter.withPermit(PermitRequest.of(KEY), permit -> Mono.never()));
        Told told = world.subscribe(world.govern(governor, n -> Mono.never()));
        assertThat(world.budget.snapshot().reserved().tokens()).isEqualTo(100);
        told.cancel();
        assertThat(world.budget.snapshot().openReservations()).isZero();
        assertThat(world.limiter.snapshot(KEY).pending()).isZero();
        other.cancel();
        world.hasCounted(0, 1, 0, 0);
    }

    @Test
    void cancellationWhileTheCallRunsReleasesEverythingAndPaysForWhatWasSent() {
        world.subscribe(world.govern(governor, n -> Mono.never())).cancel();
        assertThat(world.cut).isEqualTo(1);
        world.hasCounted(1, 1, 0, 100);
    }

    @Test
    void cancellationBetweenTwoAttemptsPaysForTheFirstOnly() {
        Told told = world.subscribe(world.govern(governor, n -> transientFailure()));
        assertThat(world.budget.snapshot().reserved().tokens()).isEqualTo(100);
        told.cancel();
        world.pass(Duration.ofSeconds(50));
        world.hasCounted(1, 1, 1, 100);
    }

    @Test
    void cancellationBetweenTwoAttemptsAfterARefusalPaysForNothing() {
        world.subscribe(world.govern(governor, n -> Mono.error(failure(FailureClass.RATE_LIMIT))))
                .cancel();
        world.pass(Duration.ofMinutes(5));
        world.hasCounted(1, 0, 0, 0); // the window of the refused request is over
    }

    @Test
    void cancellationOfAStreamPaysForWhatItSaidThatItUsed() {
        Told told = world.subscribe(world.stream(governor, n -> Flux.concat(Mono.just("a"), Flux.never())));
        told.cancel();
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void theCancellationOfAProbeGivesItsPlaceToTheNext() {
        world.subscribe(world.govern(governor, n -> transientFailure()));
        world.pass(Duration.ofMinutes(6));
        world.subscribe(world.govern(governor, n -> Mono.never())).cancel();
        Told told = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        assertThat(told.values).containsExactly("answer");
        assertThat(world.breakers.get(CALL.name()).state()).isEqualTo(CircuitState.CLOSED);
    }

    @Test
    void aTotalThatEndsBetweenTwoAttemptsPaysForTheFirstOnly() {
        Governor slow = world.all()
                .retry(ProviderRetry.attempts(3)
                        .backoff(Duration.ofSeconds(50), Duration.ofSeconds(50))
                        .scheduler(world.clock)
                        .random(() -> 0))
                .deadline(Deadline.none().total(Duration.ofSeconds(20)).scheduler(world.clock))
                .build();
        Told told = world.subscribe(world.govern(slow, n -> Mono.error(failure(FailureClass.OVERLOADED))));
        world.pass(Duration.ofMinutes(2));
        assertThat(told.error).isInstanceOf(SluiceException.class);
        assertThat(world.made).isEqualTo(1);
        assertThat(world.spent()).isEqualTo(100);
        world.holdsNothing();
    }

    // ---- budget ----

    @Test
    void retriesTopTheReservationUp() {
        var budget = world.budget(300);
        List<Long> reserved = new ArrayList<>();
        Told told = world.subscribe(governor.govern(
                        CALL,
                        attempt -> world.call(attempt, n -> {
                            reserved.add(budget.snapshot().reserved().tokens());
                            return n < 3 ? transientFailure() : Mono.just("answer");
                        }))
                .contextWrite(Sluice.budget(budget)));
        world.pass(Duration.ofSeconds(10));
        assertThat(told.values).containsExactly("answer");
        assertThat(reserved).containsExactly(100L, 100L, 100L);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(260);
        assertThat(budget.snapshot().spent().calls()).isEqualTo(3);
    }

    @Test
    void thereIsNoRetryWhereTheTopUpDoesNotFit() {
        var budget = world.budget(150);
        Told told =
                world.subscribe(world.govern(governor, n -> transientFailure()).contextWrite(Sluice.budget(budget)));
        assertThat(told.error).as("at once, without a wait").isInstanceOf(BudgetExceededException.class);
        assertThat(told.error.getSuppressed())
                .as("why there was to be a retry")
                .hasAtLeastOneElementOfType(ProviderFailure.class);
        assertThat(ProviderRetry.report(told.error).reason()).isEqualTo(RetryReport.Reason.REFUSED);
        world.pass(Duration.ofSeconds(10));
        assertThat(world.made).isEqualTo(1);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(100);
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    @Test
    void whatIsNotRetriedAnywayIsToldItselfThoughATopUpWouldNotFit() {
        var budget = world.budget(150);
        Throwable last = failure(FailureClass.TRANSIENT);
        Governor once = world.all().retry(ProviderRetry.attempts(1)).build();
        Told told = world.subscribe(world.govern(once, n -> Mono.error(last)).contextWrite(Sluice.budget(budget)));
        assertThat(told.error).isSameAs(last);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(100);
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    @Test
    void whileARetryWaitsTheNextAttemptIsReservedAndTheLastOnePaid() {
        Told told = world.subscribe(world.govern(governor, n -> transientFailure()));
        assertThat(world.spent()).isEqualTo(100);
        assertThat(world.budget.snapshot().reserved().tokens()).isEqualTo(100);
        told.cancel();
        assertThat(world.spent()).isEqualTo(100);
        world.holdsNothing();
    }

    @Test
    void aRetryWithinAnAttemptDoesNotAskForTheCallAroundIt() {
        var budget = world.budget(100);
        ProviderRetry own = ProviderRetry.attempts(3).scheduler(world.clock).random(() -> 0);
        Told told = world.subscribe(governor.govern(
                        CALL,
                        attempt -> world.call(attempt, n -> n < 3 ? transientFailure() : Mono.just("answer"))
                                .transform(own::protect))
                .contextWrite(Sluice.budget(budget)));
        world.pass(Duration.ofSeconds(5));
        assertThat(told.values).containsExactly("answer");
        assertThat(world.made).isEqualTo(3);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(60);
    }

    @Test
    void aFailureThatSaysWhatItUsedCostsThat() {
        Throwable broken = failure(FailureClass.CALLER).withUsage(TokenUsage.of(10, 5));
        world.subscribe(world.govern(governor, n -> Mono.error(broken)));
        world.hasCounted(1, 1, 0, 15);
    }

    @Test
    void aRefusalOfACallWithinDoesNotMakeTheCallAroundItFree() {
        Told told = world.subscribe(governor.govern(
                CALL,
                attempt -> governor.govern(
                        CALL.named("inner").estimate(TokenEstimate.of(5_000, 0)), inner -> Mono.just("never"))));
        assertThat(told.error).isInstanceOf(BudgetExceededException.class);
        assertThat(world.spent()).isEqualTo(100);
        world.holdsNothing();
    }

    @Test
    void aRateLimitOfACallWithinDoesNotMakeTheCallAroundItFree() {
        ProviderFailure refusal = failure(FailureClass.RATE_LIMIT);
        Governor once = world.all().retry(ProviderRetry.attempts(1)).build();
        world.subscribe(once.govern(CALL, attempt -> once.govern(CALL.named("inner"), inner -> Mono.error(refusal))));
        assertThat(world.spent()).isEqualTo(100);
        world.holdsNothing();
    }

    // ---- fallbacks ----

    @Test
    void fallbacksAreTakenInTheirOrderByClass() {
        List<String> taken = new ArrayList<>();
        Told told = world.subscribe(governor.govern(
                CALL,
                attempt -> Mono.error(failure(FailureClass.QUOTA)),
                Fallback.<String>of("overloaded", failure -> Mono.just("wrong")).on(FailureClass.OVERLOADED),
                Fallback.<String>of("second", failure -> {
                            taken.add("second");
                            return transientFailure();
                        })
                        .on(FailureClass.QUOTA),
                Fallback.<String>of("third", failure -> Mono.just("third")).on(FailureClass.TRANSIENT)));
        assertThat(taken).containsExactly("second");
        assertThat(told.values).containsExactly("third");
    }

    @Test
    void neitherAWrongRequestNorADeclinedCallFallsBack() {
        Fallback<String> any = Fallback.of("any", failure -> Mono.just("fallback"));
        Told wrong = world.subscribe(governor.govern(CALL, attempt -> Mono.error(failure(FailureClass.CALLER)), any));
        assertThat(wrong.error).isNotNull();
        Governor careful =
                world.all().approval(call -> Mono.just(Decision.declined("no"))).build();
        Told declined = world.subscribe(careful.govern(CALL, attempt -> Mono.just("answer"), any));
        assertThat(declined.error).isInstanceOf(CallDeclinedException.class);
    }

    @Test
    void aStreamFallsBackBeforeItsFirstElementOnly() {
        Fallback<String> stored = Fallback.of("stored", failure -> Flux.just("x", "y"));
        Told early =
                world.subscribe(governor.governMany(CALL, attempt -> Flux.error(failure(FailureClass.QUOTA)), stored));
        assertThat(early.values).containsExactly("x", "y");
        Told late = world.subscribe(governor.governMany(
                CALL, attempt -> Flux.concat(Flux.just("a"), Flux.error(failure(FailureClass.QUOTA))), stored));
        assertThat(late.values).containsExactly("a");
        assertThat(late.error).isInstanceOf(ProviderFailure.class);
    }

    @Test
    void aCancelledSourceIsAFailureLikeAnother() {
        Told told = world.subscribe(world.govern(governor, n -> Mono.error(new CancellationException("theirs"))));
        world.pass(Duration.ofMinutes(1));
        assertThat(told.error).isNotNull();
        world.holdsNothing();
    }
}
