package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Calls that do not fit: they fail, wait for the window, or for somebody who gives more. On virtual time. */
class ExhaustedTest {

    private static final Instant START = Instant.parse("2026-03-28T22:30:00Z");
    private static final BudgetWindow HOURLY = BudgetWindow.hourly(ZoneOffset.UTC);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private Duration suspended = Duration.ZERO;
    private final List<String> told = new ArrayList<>();

    private Instant instant() {
        return START.plusNanos(clock.now(java.util.concurrent.TimeUnit.NANOSECONDS))
                .plus(suspended);
    }

    private Budget.Builder hundredAn(BudgetWindow window) {
        return Budget.root("run").tokens(100).per(window).scheduler(clock).instantSource(this::instant);
    }

    private Budget waiting(Duration atMost) {
        return hundredAn(HOURLY)
                .whenExhausted(WhenExhausted.waitForWindow(atMost))
                .build();
    }

    private static Charge tokens(long tokens) {
        return Charge.tokens(TokenEstimate.of(0, tokens));
    }

    private Disposable call(Budget budget, String name, long tokens) {
        return Mono.just(name)
                .transform(budget.charge(tokens(tokens), x -> TokenUsage.output(tokens)))
                .subscribe(told::add, error -> told.add(name + ": " + error.getMessage()));
    }

    private List<String> after(Duration time) {
        clock.advanceTimeBy(time);
        return told;
    }

    private static void spend(Budget budget, long tokens) {
        budget.tryReserve(tokens(tokens)).succeeded(TokenUsage.output(tokens));
    }

    // ---- windows ----

    @Test
    void aWindowOfTheCalendarEndsOnTimeForWhoeverAsksThen() {
        Budget budget = hundredAn(HOURLY).build();
        spend(budget, 100);
        call(budget, "early", 1);
        assertThat(told)
                .containsExactly(
                        "early: The budget run has 0 tokens free of 100 tokens (hour in Z), and 1 tokens would be"
                                + " needed; calls in flight have reserved 0 tokens; it will be free in PT30M. Ask for less (a lower"
                                + " output cap reserves less), wait for the window, or raise the limit.");
        told.clear();
        after(Duration.ofMinutes(30).minusMillis(1));
        call(budget, "still early", 1);
        after(Duration.ofMillis(1));
        call(budget, "on time", 100);
        assertThat(told).hasSize(2).last().isEqualTo("on time");
        assertThat(budget.snapshot().freesAt()).isEqualTo("2026-03-29T00:00:00Z");
    }

    @Test
    void aRollingWindowForgetsEachCallWhenItIsAsOldAsTheWindow() {
        Budget budget =
                hundredAn(BudgetWindow.rolling(BudgetWindow.Period.HOUR)).build();
        spend(budget, 60);
        after(Duration.ofMinutes(40));
        spend(budget, 40);
        after(Duration.ofMinutes(20).minusMillis(1));
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(100);
        after(Duration.ofMillis(1));
        assertThat(budget.snapshot().spent()).isEqualTo(BudgetAmount.of(40, 0, 1));
        call(budget, "61", 61);
        call(budget, "60", 60);
        assertThat(told.get(0)).contains("(rolling hour)", "it will be free in PT40M");
        assertThat(told.get(1)).isEqualTo("60");
    }

    @Test
    void aDayInBerlinHas23HoursWhenTheClockIsPutForward() {
        Budget budget =
                hundredAn(BudgetWindow.daily(ZoneId.of("Europe/Berlin"))).build();
        after(Duration.ofMinutes(30));
        spend(budget, 100);
        after(Duration.ofHours(23).minusMillis(1));
        assertThat(budget.snapshot().freeTokens()).isZero();
        after(Duration.ofMillis(1));
        assertThat(budget.snapshot().freeTokens()).isEqualTo(100);
    }

    @Test
    void aWindowThatEndsWhileTheMachineSleepsIsOverWhenItWakes() {
        Budget budget = waiting(Duration.ofDays(2));
        spend(budget, 100);
        call(budget, "patient", 1);
        after(Duration.ofMinutes(1));
        suspended = Duration.ofHours(8);
        assertThat(budget.snapshot().freeTokens()).isEqualTo(100);
        assertThat(after(Duration.ofMinutes(1)))
                .as("a minute later at the latest")
                .containsExactly("patient");
    }

    @Test
    void whatIsReservedOverTheEndOfAWindowCountsInTheNext() {
        Budget budget = hundredAn(HOURLY).build();
        Reservation reservation = budget.tryReserve(tokens(70));
        after(Duration.ofMinutes(30));
        assertThat(budget.snapshot().freeTokens()).isEqualTo(30);
        reservation.succeeded(TokenUsage.output(50));
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(50);
    }

    @Test
    void aLateCorrectionOfAWindowThatIsOverGivesTheNextNothing() {
        Budget budget = hundredAn(HOURLY).build();
        List<Reservation> got = new ArrayList<>();
        budget.reserve(tokens(70).lease(Duration.ofMinutes(10))).subscribe(got::add);
        after(Duration.ofMinutes(31));
        spend(budget, 20);
        got.get(0).succeeded(TokenUsage.output(10));
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(20);
    }

    @Test
    void aChildMayHaveAWindowOfItsOwnWithinThatOfItsParent() {
        Budget budget = hundredAn(BudgetWindow.daily(ZoneOffset.UTC)).build();
        Budget child = budget.child("a", BudgetLimits.none().tokens(10).per(HOURLY));
        spend(child, 10);
        after(Duration.ofMinutes(30));
        spend(child, 10);
        assertThat(child.snapshot().spent().tokens()).isEqualTo(10);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(20);
        budget.child("month", BudgetLimits.none().tokens(2_000).per(BudgetWindow.monthly(ZoneOffset.UTC)));
    }

    // ---- waiting ----

    @Test
    void whoeverWaitsIsLetInInOrderWhenTheWindowBegins() {
        Budget budget = waiting(Duration.ofHours(1));
        spend(budget, 95);
        call(budget, "large", 60);
        call(budget, "small", 5);
        assertThat(told).as("nothing overtakes the first").isEmpty();
        assertThat(budget.snapshot().waiting()).isEqualTo(2);
        after(Duration.ofMinutes(30).minusMillis(1));
        assertThat(told).isEmpty();
        assertThat(after(Duration.ofMillis(1))).containsExactly("large", "small");
        assertThat(budget.snapshot().waiting()).isZero();
    }

    @Test
    void whatACallInFlightGivesBackGoesToTheFirstWhoWaits() {
        Budget budget = waiting(Duration.ofHours(1));
        Reservation reservation = budget.tryReserve(tokens(80));
        call(budget, "first", 60);
        call(budget, "second", 60);
        reservation.abandon();
        assertThat(after(Duration.ZERO)).containsExactly("first");
        assertThat(after(Duration.ofMinutes(30))).containsExactly("first", "second");
    }

    @Test
    void whoeverIsCancelledGivesItsPlaceBack() {
        Budget budget = waiting(Duration.ofHours(1));
        spend(budget, 95);
        Disposable large = call(budget, "large", 60);
        call(budget, "small", 5);
        large.dispose();
        assertThat(after(Duration.ZERO)).containsExactly("small");
        assertThat(budget.snapshot().openReservations()).isZero();
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(100);
    }

    @Test
    void whoeverWaitsForTooLongIsToldWhatItWaitedFor() {
        Budget budget = waiting(Duration.ofMinutes(10));
        Reservation inFlight = budget.tryReserve(tokens(100));
        call(budget, "late", 60);
        assertThat(after(Duration.ofMinutes(10).minusMillis(1))).isEmpty();
        assertThat(after(Duration.ofMillis(1)))
                .singleElement()
                .asString()
                .contains("the call has waited for it for PT10M", "60 tokens would be needed", "reserved 100 tokens");
        inFlight.abandon();
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    @Test
    void whoeverCannotBeLetInInTimeWhateverHappensFailsAtOnce() {
        Budget budget = waiting(Duration.ofMinutes(10));
        spend(budget, 50);
        call(budget, "too long", 60);
        call(budget, "too large", 101);
        assertThat(told).hasSize(2);
        Budget unlimited = Budget.root("run")
                .tokens(10)
                .scheduler(clock)
                .whenExhausted(WhenExhausted.waitForWindow(Duration.ofDays(1)))
                .build();
        call(unlimited, "no window", 11);
        assertThat(told).hasSize(3);
    }

    @Test
    void aRollingWindowLetsInWhenEnoughIsForgotten() {
        Budget budget = hundredAn(BudgetWindow.rolling(BudgetWindow.Period.HOUR))
                .whenExhausted(WhenExhausted.waitForWindow(Duration.ofHours(2)))
                .build();
        spend(budget, 30);
        after(Duration.ofMinutes(10));
        spend(budget, 60);
        call(budget, "40", 40);
        call(budget, "50", 50);
        assertThat(after(Duration.ofMinutes(50).minusMillis(1))).isEmpty();
        assertThat(after(Duration.ofMillis(1))).containsExactly("40");
        assertThat(after(Duration.ofMinutes(10))).containsExactly("40", "50");
    }

    @Test
    void whoeverWaitsInAnotherBudgetOfTheTreeIsNotInTheWay() {
        Budget root = Budget.root("run")
                .scheduler(clock)
                .instantSource(this::instant)
                .whenExhausted(WhenExhausted.waitForWindow(Duration.ofHours(1)))
                .build();
        Budget a = root.child("a", BudgetLimits.none().tokens(10).per(HOURLY));
        Budget b = root.child("b", BudgetLimits.none().tokens(10).per(HOURLY));
        spend(a, 10);
        call(a, "a", 1);
        call(b, "b", 1);
        assertThat(told).containsExactly("b");
        assertThat(after(Duration.ofMinutes(30))).containsExactly("b", "a");
    }

    @Test
    void whoeverWaitsForABudgetThatIsDisposedOfIsToldSo() {
        Budget budget = waiting(Duration.ofHours(1));
        spend(budget, 100);
        call(budget, "waiting", 1);
        budget.dispose();
        assertThat(after(Duration.ZERO)).singleElement().asString().contains("was disposed of");
    }

    // ---- top-ups ----

    private final Sinks.One<BudgetAmount> answer = Sinks.one();
    private final List<TopUp.Request> asked = new ArrayList<>();

    private Budget toppedUp(Duration atMost) {
        return Budget.root("run")
                .tokens(100)
                .scheduler(clock)
                .whenExhausted(WhenExhausted.topUp(
                        request -> {
                            asked.add(request);
                            return answer.asMono();
                        },
                        atMost))
                .build();
    }

    @Test
    void somebodyIsAskedOnceForAllWhoWait() {
        Budget budget = toppedUp(Duration.ofDays(1));
        spend(budget, 90);
        call(budget, "a", 50);
        call(budget, "b", 50);
        after(Duration.ofMinutes(1));
        call(budget, "c", 5);
        assertThat(told).isEmpty();
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.path()).isEqualTo("run");
            assertThat(request.charge().estimate().total()).isEqualTo(50);
            assertThat(request.reason().free()).isEqualTo(10);
            assertThat(request.budget().spent().tokens()).isEqualTo(90);
        });
        answer.tryEmitValue(BudgetAmount.of(100, 0, 0));
        assertThat(after(Duration.ZERO)).containsExactly("a", "b", "c");
        assertThat(budget.snapshot().raised().tokens()).isEqualTo(100);
        assertThat(budget.snapshot().freeTokens()).isEqualTo(5);
    }

    @Test
    void whoeverDoesNotFitAlthoughItWasToppedUpFails() {
        Budget budget = toppedUp(Duration.ofDays(1));
        spend(budget, 90);
        call(budget, "a", 50);
        call(budget, "b", 50);
        after(Duration.ZERO);
        answer.tryEmitValue(BudgetAmount.of(40, 0, 0));
        after(Duration.ZERO);
        assertThat(told).hasSize(2).contains("a");
        assertThat(told.toString()).contains("b: The budget run has 0 tokens free of 140 tokens");
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRefusalIsToldToAllWhoWait() {
        Budget budget = toppedUp(Duration.ofDays(1));
        spend(budget, 100);
        call(budget, "a", 1);
        call(budget, "b", 1);
        after(Duration.ZERO);
        answer.tryEmitError(new IllegalStateException("the approver said no"));
        assertThat(after(Duration.ZERO))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("it was not topped up: the approver said no"));
        call(budget, "c", 1);
        after(Duration.ZERO);
        assertThat(asked).as("asked anew").hasSize(2);
    }

    @Test
    void anAnswerThatComesTooLateServesWhoeverComesAfter() {
        Budget budget = toppedUp(Duration.ofMinutes(5));
        spend(budget, 100);
        call(budget, "a", 1);
        assertThat(after(Duration.ofMinutes(5))).singleElement().asString().contains("waited for it for PT5M");
        answer.tryEmitValue(BudgetAmount.of(10, 0, 0));
        after(Duration.ZERO);
        call(budget, "b", 1);
        assertThat(told).hasSize(2).contains("b");
    }

    @Test
    void aTopUpOfAWindowEndsWithIt() {
        AtomicInteger asked = new AtomicInteger();
        Budget budget = hundredAn(HOURLY)
                .whenExhausted(WhenExhausted.topUp(
                        request -> {
                            asked.incrementAndGet();
                            return Mono.just(BudgetAmount.of(20, 0, 0));
                        },
                        Duration.ofMinutes(1)))
                .build();
        spend(budget, 100);
        call(budget, "a", 20);
        assertThat(after(Duration.ZERO)).containsExactly("a");
        after(Duration.ofMinutes(30));
        assertThat(budget.snapshot().freeTokens()).isEqualTo(100);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aTopUpThatThrowsIsARefusal() {
        Budget budget = Budget.root("run")
                .tokens(0)
                .scheduler(clock)
                .whenExhausted(WhenExhausted.topUp(
                        request -> {
                            throw new IllegalStateException("no approver");
                        },
                        Duration.ofMinutes(1)))
                .build();
        call(budget, "a", 1);
        assertThat(after(Duration.ZERO)).singleElement().asString().contains("no approver");
    }

    // ---- events ----

    @Test
    void waitingToppingUpAndTheEndOfAWindowAreTold() {
        Budget budget = hundredAn(HOURLY)
                .whenExhausted(WhenExhausted.topUp(request -> Mono.just(BudgetAmount.of(5, 0, 0)), Duration.ofHours(1)))
                .build();
        List<BudgetEvent> events = new ArrayList<>();
        Disposable listening = budget.events().subscribe(events::add);
        spend(budget, 100);
        call(budget, "a", 5);
        after(Duration.ofMinutes(30));
        assertThat(events)
                .hasAtLeastOneElementOfType(BudgetEvent.Waiting.class)
                .hasAtLeastOneElementOfType(BudgetEvent.TopUpAsked.class)
                .hasAtLeastOneElementOfType(BudgetEvent.Raised.class);
        assertThat(events.get(events.size() - 1)).isInstanceOfSatisfying(BudgetEvent.WindowBegan.class, began -> {
            assertThat(began.begun()).isEqualTo("2026-03-28T23:00:00Z");
            assertThat(began.before().tokens()).isEqualTo(105);
        });
        events.clear();
        spend(budget, 80);
        after(Duration.ofHours(1));
        assertThat(events)
                .filteredOn(BudgetEvent.ThresholdReached.class::isInstance)
                .as("thresholds are told again in each window")
                .hasSize(2);
        assertThat(events).hasAtLeastOneElementOfType(BudgetEvent.WindowBegan.class);
        listening.dispose();
    }
}
