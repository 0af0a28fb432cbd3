package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class BudgetEventsTest {

    private static final Charge CHARGE = Charge.tokens(TokenEstimate.of(20, 40));
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final Budget budget = Budget.root("run")
            .tokens(100)
            .scheduler(clock)
            .instantSource(() -> NOON)
            .build();
    private final List<BudgetEvent> events = new ArrayList<>();

    private List<BudgetEvent> heard() {
        clock.advanceTime();
        return events;
    }

    @Test
    void whatHappensIsToldInOrder() {
        budget.events().subscribe(events::add);
        Reservation first = budget.tryReserve(CHARGE);
        first.succeeded(TokenUsage.of(20, 35));
        Reservation second = budget.tryReserve(Charge.tokens(TokenEstimate.of(10, 10)));
        second.topUp(new java.io.IOException("broken off"));
        second.abandon();
        Mono.just("x").transform(budget.charge(CHARGE, x -> TokenUsage.UNKNOWN)).subscribe(x -> {}, error -> {});
        assertThat(heard()).extracting(BudgetEvent::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        BudgetAmount small = BudgetAmount.of(20, 0, 1);
        assertThat(events.subList(0, 6))
                .containsExactly(
                        new BudgetEvent.Reserved(1, NOON, "run", BudgetAmount.of(60, 0, 1)),
                        new BudgetEvent.ThresholdReached(2, NOON, "run", BudgetDimension.TOKENS, 50, 55, 100),
                        new BudgetEvent.Committed(3, NOON, "run", BudgetAmount.of(60, 0, 1), BudgetAmount.of(55, 0, 1)),
                        new BudgetEvent.Reserved(4, NOON, "run", small),
                        new BudgetEvent.ToppedUp(5, NOON, "run", small),
                        new BudgetEvent.Released(6, NOON, "run", small));
        assertThat(events.get(6))
                .isInstanceOfSatisfying(
                        BudgetEvent.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isInstanceOf(BudgetExceededException.class));
    }

    @Test
    void anOverdraftAndEveryThresholdAreTold() {
        budget.events().subscribe(events::add);
        Mono.just("x")
                .transform(budget.charge(CHARGE, x -> TokenUsage.of(20, 100)))
                .subscribe(x -> {});
        assertThat(heard())
                .contains(new BudgetEvent.Overdrawn(5, NOON, "run", BudgetDimension.TOKENS, 20, 100))
                .filteredOn(BudgetEvent.ThresholdReached.class::isInstance)
                .extracting(event -> ((BudgetEvent.ThresholdReached) event).percent())
                .containsExactly(50, 80, 100);
    }

    @Test
    void aLeaseThatIsOverIsTold() {
        budget.events().subscribe(events::add);
        budget.reserve(CHARGE.lease(Duration.ofSeconds(1))).subscribe(reservation -> {});
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(heard()).contains(new BudgetEvent.Expired(3, NOON, "run", BudgetAmount.of(60, 0, 1)));
    }

    @Test
    void aCommitThatFailsIsTold() {
        Hooks.onErrorDropped(error -> {});
        try {
            budget.events().subscribe(events::add);
            IllegalStateException unreadable = new IllegalStateException("no usage");
            Flux.just("x")
                    .next()
                    .transform(budget.charge(CHARGE, x -> {
                        throw unreadable;
                    }))
                    .subscribe(x -> {});
            assertThat(heard())
                    .contains(new BudgetEvent.CommitFailed(2, NOON, "run", BudgetAmount.of(60, 0, 1), unreadable));
        } finally {
            Hooks.resetOnErrorDropped();
        }
    }

    @Test
    void aBudgetTellsOfItselfAndThoseUnderItOnly() {
        Budget a = budget.child("a", BudgetLimits.none());
        Budget sibling = budget.child("ab", BudgetLimits.none());
        a.events().subscribe(events::add);
        sibling.tryReserve(Charge.call()).abandon();
        budget.tryReserve(Charge.call()).abandon();
        Budget below = a.child("b", BudgetLimits.none());
        below.tryReserve(Charge.call()).abandon();
        below.dispose();
        assertThat(heard()).extracting(BudgetEvent::path).containsOnly("run/a/b");
        assertThat(events)
                .hasSize(4)
                .satisfies(all -> assertThat(all.get(0)).isInstanceOf(BudgetEvent.Opened.class))
                .satisfies(all -> assertThat(all.get(3)).isInstanceOf(BudgetEvent.Closed.class));
    }

    @Test
    void theEventsEndWithTheRoot() {
        List<String> over = new ArrayList<>();
        budget.events().doOnComplete(() -> over.add("over")).subscribe(events::add);
        budget.dispose();
        heard();
        assertThat(events).hasSize(1);
        assertThat(over).containsExactly("over");
    }
}
