package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Reservations as values, on virtual time. */
class ReservationTest {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(20, 40));

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final Budget budget =
            Budget.root("run").tokens(100).calls(3).scheduler(clock).build();

    private BudgetSnapshot snapshot() {
        return budget.snapshot();
    }

    private Reservation reserve(Charge charge) {
        List<Reservation> got = new ArrayList<>();
        budget.reserve(charge).subscribe(got::add);
        return got.get(0);
    }

    @Test
    void commitAndReleaseAreDoneOnSubscription() {
        Reservation first = reserve(CHARGE);
        Mono<Void> commit = first.commit(TokenUsage.of(20, 10));
        assertThat(snapshot().reserved().tokens()).isEqualTo(60);
        StepVerifier.create(commit).verifyComplete();
        StepVerifier.create(first.release()).verifyComplete();
        assertThat(snapshot().spent().tokens()).isEqualTo(30);
        Reservation second = reserve(CHARGE);
        StepVerifier.create(second.release()).verifyComplete();
        StepVerifier.create(second.commit(TokenUsage.of(20, 10))).verifyComplete();
        assertThat(snapshot().spent()).isEqualTo(BudgetAmount.of(30, 0, 1));
        assertThat(snapshot().openReservations()).isZero();
    }

    @Test
    void theManualBracketEndsItsReservationInEveryCase() {
        Mono<String> call = Mono.usingWhen(
                budget.reserve(CHARGE),
                reservation -> Mono.just("x"),
                reservation -> reservation.commit(TokenUsage.of(1, 1)),
                (reservation, error) -> reservation.release(),
                Reservation::release);
        StepVerifier.create(call).expectNext("x").verifyComplete();
        assertThat(snapshot().spent().tokens()).isEqualTo(2);
        assertThat(snapshot().openReservations()).isZero();
    }

    @Test
    void whatDoesNotFitIsAnErrorOfTheMono() {
        reserve(CHARGE);
        StepVerifier.create(budget.reserve(CHARGE)).verifyError(BudgetExceededException.class);
        assertThatExceptionOfType(BudgetExceededException.class).isThrownBy(() -> budget.tryReserve(CHARGE));
        assertThat(snapshot().openReservations()).isEqualTo(1);
    }

    // ---- the lease ----

    @Test
    void aReservationThatIsForgottenIsTakenForSpentWhenItsLeaseIsOver() {
        reserve(CHARGE);
        clock.advanceTimeBy(Charge.DEFAULT_LEASE.minusNanos(1));
        assertThat(snapshot().reserved().tokens()).isEqualTo(60);
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(snapshot().reserved()).isEqualTo(BudgetAmount.NONE);
        assertThat(snapshot().spent()).isEqualTo(BudgetAmount.of(60, 0, 1));
        assertThat(snapshot().openReservations()).isZero();
    }

    @Test
    void anEndingAfterTheLeaseCorrectsWhatWasTakenForSpent() {
        Reservation late = reserve(CHARGE.lease(Duration.ofSeconds(5)));
        clock.advanceTimeBy(Duration.ofSeconds(5));
        assertThat(snapshot().spent().tokens()).isEqualTo(60);
        late.succeeded(TokenUsage.of(20, 1));
        late.abandon();
        assertThat(snapshot().spent()).isEqualTo(BudgetAmount.of(21, 0, 1));
    }

    @Test
    void whatEndedInTimeHasNoLease() {
        Reservation reservation = reserve(CHARGE);
        reservation.succeeded(TokenUsage.of(1, 1));
        clock.advanceTimeBy(Duration.ofDays(1));
        assertThat(snapshot().spent().tokens()).isEqualTo(2);
    }

    @Test
    void aLeaseRunsOnVirtualTimeThoughTheBudgetWasBuiltOutside() {
        Budget outside = Budget.root("outside").build();
        StepVerifier.withVirtualTime(() -> outside.reserve(CHARGE).then(Mono.delay(Duration.ofHours(1))))
                .expectSubscription()
                .thenAwait(Duration.ofHours(1))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(outside.snapshot().spent().tokens()).isEqualTo(60);
    }

    @Test
    void aReservationOfTheLowerLevelHasNoLease() {
        Reservation reservation = budget.tryReserve(CHARGE);
        clock.advanceTimeBy(Duration.ofDays(1));
        assertThat(snapshot().reserved().tokens()).isEqualTo(60);
        reservation.unknown();
        assertThat(snapshot().spent().tokens()).isEqualTo(60);
    }

    // ---- attempts ----

    @Test
    void beforeAnotherAttemptTheReservationIsToppedUpByWhatTheLastOneMayHaveCost() {
        Budget wide = Budget.root("wide").tokens(150).build();
        Reservation reservation = wide.tryReserve(CHARGE);
        reservation.topUp(new IOException("broken off"));
        assertThat(wide.snapshot().spent()).isEqualTo(BudgetAmount.of(60, 0, 1));
        assertThat(wide.snapshot().reserved()).isEqualTo(BudgetAmount.of(60, 0, 1));
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> reservation.topUp(new IOException("broken off")))
                .satisfies(why -> assertThat(why.free()).isEqualTo(30));
        assertThat(wide.snapshot().reserved().tokens()).as("still to be ended").isEqualTo(60);
        reservation.failed(new IOException("broken off"));
        assertThat(wide.snapshot().spent()).isEqualTo(BudgetAmount.of(120, 0, 2));
        assertThat(wide.snapshot().openReservations()).isZero();
    }

    @Test
    void anAttemptThatCostNothingOrIsKnownToHaveCostLittleLeavesRoom() {
        Reservation reservation = budget.tryReserve(CHARGE);
        reservation.topUp(new ConnectException("refused"));
        reservation.topUp(new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, null));
        assertThat(snapshot().spent()).isEqualTo(BudgetAmount.NONE);
        reservation.topUp(
                new ProviderFailure(500, null, "broken", FailureClass.TRANSIENT, null).withUsage(TokenUsage.of(20, 3)));
        assertThat(snapshot().spent()).isEqualTo(BudgetAmount.of(23, 0, 1));
        assertThat(snapshot().reserved().tokens()).isEqualTo(60);
        reservation.succeeded(TokenUsage.of(20, 10));
        assertThat(snapshot().spent()).isEqualTo(BudgetAmount.of(53, 0, 2));
    }

    @Test
    void aTopUpBeginsTheLeaseAnew() {
        Reservation reservation =
                reserve(Charge.tokens(TokenEstimate.of(10, 10)).lease(Duration.ofSeconds(10)));
        clock.advanceTimeBy(Duration.ofSeconds(9));
        reservation.topUp(new IOException("broken off"));
        clock.advanceTimeBy(Duration.ofSeconds(9));
        assertThat(snapshot().reserved().tokens()).isEqualTo(20);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(snapshot().reserved().tokens()).isZero();
        assertThat(snapshot().spent().tokens()).isEqualTo(40);
    }

    @Test
    void toppingUpWhatHasEndedChangesNothing() {
        Reservation reservation = budget.tryReserve(CHARGE);
        reservation.abandon();
        assertThatCode(() -> reservation.topUp(new IOException("broken off"))).doesNotThrowAnyException();
        assertThat(snapshot().spent()).isEqualTo(BudgetAmount.NONE);
    }

    // ---- the budget ----

    @Test
    void aBudgetThatWasDisposedOfAdmitsNothingAndSettlesWhatIsInFlight() {
        Budget child = budget.child("a", BudgetLimits.none());
        Reservation inFlight = child.tryReserve(CHARGE);
        child.dispose();
        assertThat(child.isDisposed()).isTrue();
        StepVerifier.create(child.reserve(CHARGE))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(BudgetClosedException.class)
                        .hasMessageContaining("run/a was disposed of"));
        inFlight.succeeded(TokenUsage.of(1, 1));
        assertThat(snapshot().spent().tokens()).isEqualTo(2);
        assertThat(snapshot().children()).isEmpty();
        assertThat(child.snapshot().closed()).isTrue();
    }

    @Test
    void aSnapshotShowsTheWholeTree() {
        Budget a = budget.child("a", BudgetLimits.none().tokens(50));
        Budget b = a.child("b", BudgetLimits.none().calls(1));
        clock.advanceTimeBy(Duration.ofSeconds(3));
        Reservation reservation = b.tryReserve(Charge.tokens(TokenEstimate.of(10, 10)));
        BudgetSnapshot tree = snapshot();
        assertThat(tree.path()).isEqualTo("run");
        assertThat(tree.elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(tree.freeTokens()).isEqualTo(80);
        assertThat(tree.freeCalls()).isEqualTo(2);
        assertThat(tree.freeMoney()).isNull();
        BudgetSnapshot leaf = tree.children().get(0).children().get(0);
        assertThat(leaf.path()).isEqualTo("run/a/b").isEqualTo(b.path());
        assertThat(leaf.openReservations()).isEqualTo(1);
        assertThat(leaf.freeCalls()).isZero();
        reservation.abandon();
        assertThat(tree.reserved().tokens()).as("a snapshot does not change").isEqualTo(20);
    }

    @Test
    void settingsOutOfTheirRangeAreRefused() {
        for (String name : new String[] {"", " ", "a/b", "a\nb", "x".repeat(101)}) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Budget.root(name));
        }
        BudgetLimits none = BudgetLimits.none();
        List<ThrowingCallable> wrong = List.of(
                () -> none.tokens(-1),
                () -> none.tokens((1L << 53) + 1),
                () -> none.calls(-1),
                () -> none.wallTime(Duration.ZERO),
                () -> none.children(-1),
                () -> none.depth(-1),
                () -> none.usd("-1"),
                () -> Budget.root("run").thresholds(0),
                () -> Budget.root("run").thresholds(101),
                () -> Charge.call().calls(-1),
                () -> Charge.call().lease(Duration.ZERO));
        for (ThrowingCallable call : wrong) {
            assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(call);
        }
    }
}
