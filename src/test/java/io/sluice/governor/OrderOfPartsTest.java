package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.KEY;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.breaker.CircuitOpenException;
import io.sluice.budget.BudgetExceededException;
import io.sluice.call.Sluice;
import io.sluice.deadline.Bound;
import io.sluice.deadline.DeadlineExceededException;
import io.sluice.debounce.DebouncedException;
import io.sluice.debounce.Debouncer;
import io.sluice.governor.GovernedWorld.Told;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * What each order of the parts means, as a table: attempts made, permits charged, failures that the breaker counts in a row,
 * and tokens spent. A call is estimated at 100 tokens and uses 60; one that fails costs its estimate, unless it was refused.
 *
 * <pre>
 *                                             attempts  permits  failures  tokens
 * answered                                        1        1         0        60
 * TRANSIENT, then answered                        2        2         0       160
 * three TRANSIENT, breaker opens                  3        3         3       300
 * CALLER                                          1        1         0         0
 * rate limit, then answered                       2        2         0        60
 * breaker open before queueing                    0        0         3         0
 * breaker opens while queueing                    0        0         3         0
 * over budget                                     0        0         0         0
 * debounced                                       0        0         0         0
 * declined                                        0        0         0         0
 * function throws before anything is sent         0        0         -         0
 * </pre>
 */
class OrderOfPartsTest {

    private final GovernedWorld world = new GovernedWorld();
    private final Governor governor = world.all().build();

    private static Mono<String> transientFailure() {
        return Mono.error(failure(FailureClass.TRANSIENT));
    }

    private void openBreaker() {
        for (int i = 0; i < 3; i++) {
            world.breakers.get(CALL.name()).tryAcquire().failed(failure(FailureClass.TRANSIENT));
        }
    }

    @Test
    void anAnsweredCallTakesOnePermitAndCostsWhatItUsed() {
        Told told = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        assertThat(told.values).containsExactly("answer");
        assertThat(told.completed).isTrue();
        world.hasCounted(1, 1, 0, 60);
        assertThat(world.limiter.snapshot(KEY).tokens()).isEqualTo(60);
    }

    @Test
    void aRepeatedCallTakesAPermitForEachAttemptAndPaysForBoth() {
        Told told = world.subscribe(world.govern(governor, n -> n == 1 ? transientFailure() : Mono.just("answer")));
        world.pass(Duration.ofSeconds(1));
        assertThat(told.values).containsExactly("answer");
        world.hasCounted(2, 2, 0, 160);
    }

    @Test
    void threeFailedAttemptsAreThreeFailuresForTheBreaker() {
        Told told = world.subscribe(world.govern(governor, n -> transientFailure()));
        world.pass(Duration.ofSeconds(10));
        assertThat(told.error).hasMessageContaining("said by the provider");
        world.hasCounted(3, 3, 3, 300);
        assertThat(world.breakers.get(CALL.name()).peek()).isInstanceOf(CircuitOpenException.class);
    }

    @Test
    void aWrongRequestIsNotRepeatedAndCostsNoTokens() {
        Told told = world.subscribe(world.govern(governor, n -> Mono.error(failure(FailureClass.CALLER))));
        assertThat(told.error).isNotNull();
        world.hasCounted(1, 1, 0, 0);
    }

    @Test
    void aRateLimitIsRepeatedCostsNothingAndTripsNothing() {
        Told told = world.subscribe(world.govern(
                governor, n -> n == 1 ? Mono.error(failure(FailureClass.RATE_LIMIT)) : Mono.just("answer")));
        world.pass(Duration.ofSeconds(10));
        assertThat(told.values).containsExactly("answer");
        world.hasCounted(2, 2, 0, 60);
    }

    @Test
    void anOpenBreakerFailsTheCallBeforeItQueues() {
        openBreaker();
        world.subscribe(world.limiter.withPermit(PermitRequest.of(KEY), permit -> Mono.never()));
        Told told = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        assertThat(told.error).isInstanceOf(CircuitOpenException.class);
        assertThat(world.limiter.snapshot(KEY).pending()).isZero();
        assertThat(world.made).isZero();
        assertThat(world.spent()).isZero();
    }

    @Test
    void aBreakerThatOpensWhileTheCallQueuesGivesItsPermitBackInFull() {
        Sinks.Empty<String> other = Sinks.empty();
        world.subscribe(world.limiter.withPermit(
                PermitRequest.of(KEY), (Permit permit) -> other.asMono().doOnSubscribe(s -> {})));
        Told told = world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        assertThat(world.limiter.snapshot(KEY).pending()).isEqualTo(1);
        openBreaker();
        other.tryEmitEmpty();
        world.pass(Duration.ZERO);
        assertThat(told.error).isInstanceOf(CircuitOpenException.class);
        world.hasCounted(0, 1, 3, 0); // the one permit is that of the other call
        assertThat(world.limiter.snapshot(KEY).tokens()).isZero();
    }

    @Test
    void aCallThatDoesNotFitTheBudgetNeitherQueuesNorRuns() {
        Told told = world.subscribe(governor.govern(
                CALL.estimate(TokenEstimate.of(1_000, 1)), attempt -> world.call(attempt, n -> Mono.just("answer"))));
        assertThat(told.error).isInstanceOf(BudgetExceededException.class);
        world.hasCounted(0, 0, 0, 0);
    }

    @Test
    void aDebouncedCallReachesNoOtherPart() {
        List<String> asked = new ArrayList<>();
        Governor debounced = world.all()
                .debouncer(Debouncer.builder().scheduler(world.clock).build())
                .approval(call -> {
                    asked.add(call.name());
                    return Mono.just(Decision.approved());
                })
                .build();
        world.subscribe(world.govern(debounced, n -> Mono.just("answer")));
        Told told = world.subscribe(world.govern(debounced, n -> Mono.just("answer")));
        assertThat(told.error).isInstanceOf(DebouncedException.class);
        assertThat(asked).containsExactly("p/m");
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void aDeclinedCallCostsNothing() {
        Governor careful = world.all()
                .approval(call -> Mono.just(Decision.declined("too risky")))
                .build();
        Told told = world.subscribe(world.govern(careful, n -> Mono.just("answer")));
        assertThat(told.error).isInstanceOf(CallDeclinedException.class).hasMessageContaining("too risky");
        world.hasCounted(0, 0, 0, 0);
    }

    @Test
    void anApprovalThatEndsWithoutADecisionIsNone() {
        Governor careful = world.all().approval(call -> Mono.empty()).build();
        Told told = world.subscribe(world.govern(careful, n -> Mono.just("answer")));
        assertThat(told.error).isInstanceOf(CallDeclinedException.class);
        world.hasCounted(0, 0, 0, 0);
    }

    @Test
    void nothingIsHeldWhileSomebodyDecidesAndTheTotalBeginsAfterwards() {
        Sinks.One<Decision> approver = Sinks.one();
        Governor careful = world.all().approval(call -> approver.asMono()).build();
        Told told = world.subscribe(world.govern(careful, n -> Mono.just("answer")));
        world.pass(Duration.ofHours(5));
        world.holdsNothing();
        approver.tryEmitValue(Decision.approved());
        assertThat(told.values).containsExactly("answer");
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void theCallIsMadeWithTheArgumentsThatWereApproved() {
        Governor careful = world.all()
                .approval(call -> Mono.just(Decision.approvedWith("edited")))
                .build();
        Told told = world.subscribe(careful.govern(CALL, attempt -> Mono.just(attempt.arguments())));
        assertThat(told.values).containsExactly("edited");
    }

    @Test
    void afterALongApprovalTheBreakerIsAskedAsOfThen() {
        Sinks.One<Decision> approver = Sinks.one();
        Governor careful = world.all().approval(call -> approver.asMono()).build();
        Told told = world.subscribe(world.govern(careful, n -> Mono.just("answer")));
        openBreaker();
        approver.tryEmitValue(Decision.approved());
        assertThat(told.error).isInstanceOf(CircuitOpenException.class);
    }

    @Test
    void aFunctionThatThrowsSentNothing() {
        Told told = world.subscribe(governor.govern(CALL, attempt -> {
            throw new IllegalArgumentException("a bug");
        }));
        assertThat(told.error).hasMessage("a bug");
        world.hasCounted(0, 0, 0, 0);
    }

    @Test
    void anAttemptThatHangsIsCutOffAndRepeatedUntilTheTotalIsOver() {
        Told told = world.subscribe(world.govern(governor, n -> n < 3 ? Mono.never() : Mono.just("answer")));
        world.pass(Duration.ofSeconds(30));
        assertThat(told.values).containsExactly("answer");
        assertThat(world.cut).isEqualTo(2);
        world.hasCounted(3, 3, 0, 260);
    }

    @Test
    void theTotalOfTheContextNarrowsThatOfTheGovernor() {
        Told told = world.subscribe(
                world.govern(governor, n -> Mono.never()).contextWrite(Sluice.deadline(Duration.ofSeconds(5))));
        world.pass(Duration.ofSeconds(5));
        assertThat(told.error).isInstanceOfSatisfying(DeadlineExceededException.class, late -> {
            assertThat(late.bound()).isEqualTo(Bound.TOTAL);
            assertThat(late.call()).isEqualTo("p/m");
        });
        world.hasCounted(1, 1, 1, 100);
    }

    @Test
    void theBudgetOfTheContextGoesBeforeThatOfTheGovernor() {
        var child = world.budget(200);
        world.subscribe(world.govern(governor, n -> Mono.just("answer")).contextWrite(Sluice.budget(child)));
        assertThat(child.snapshot().spent().tokens()).isEqualTo(60);
        assertThat(world.spent()).isZero();
    }

    @Test
    void whatIsAbsentLetsCallsPass() {
        Governor bare = Governor.builder().scheduler(world.clock).build();
        Told told = world.subscribe(bare.govern(CALL, attempt -> {
            assertThat(attempt.permit()).isNull();
            assertThat(attempt.budget()).isNull();
            assertThat(attempt.reservation()).isNull();
            assertThat(attempt.number()).isEqualTo(1);
            return Mono.just(attempt.arguments());
        }));
        assertThat(told.values).containsExactly("prompt");
    }

    @Test
    void aStreamIsGovernedInTheSameOrder() {
        Told told = world.subscribe(world.stream(
                governor, n -> n == 1 ? Flux.error(failure(FailureClass.TRANSIENT)) : Flux.just("a", "b")));
        world.pass(Duration.ofSeconds(1));
        assertThat(told.values).containsExactly("a", "b");
        world.hasCounted(2, 2, 0, 160);
    }

    @Test
    void aStreamThatBreaksOffAfterItsFirstElementIsNotRepeated() {
        Told told = world.subscribe(world.stream(
                governor, n -> Flux.concat(Flux.just("a"), Flux.error(failure(FailureClass.TRANSIENT)))));
        world.pass(Duration.ofSeconds(10));
        assertThat(told.values).containsExactly("a");
        assertThat(told.error).isNotNull();
        world.hasCounted(1, 1, 1, 60);
    }

    @Test
    void aDebouncedStreamIsNotMade() {
        Governor debounced = world.all()
                .debouncer(Debouncer.builder().scheduler(world.clock).build())
                .build();
        world.subscribe(world.stream(debounced, n -> Flux.just("a")));
        Told told = world.subscribe(world.stream(debounced, n -> Flux.just("a")));
        assertThat(told.error).isInstanceOf(DebouncedException.class);
        world.hasCounted(1, 1, 0, 60);
    }
}
