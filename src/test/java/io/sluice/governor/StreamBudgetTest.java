package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.KEY;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.budget.Budget;
import io.sluice.budget.BudgetExceededException;
import io.sluice.governor.GovernedWorld.Told;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** Streams that go on beyond their estimate of 60 tokens of input and 40 of output. */
class StreamBudgetTest {

    private final GovernedWorld world = new GovernedWorld();

    private Governor with(Budget budget) {
        return world.all().budget(budget).build();
    }

    /** Ten elements, of which each tells the attempt what it has used. */
    private Told ten(Budget budget, BiConsumer<Attempt<String>, Integer> tells) {
        return world.subscribe(with(budget)
                .governMany(
                        CALL,
                        attempt -> Flux.range(1, 10)
                                .doOnNext(n -> tells.accept(attempt, n))
                                .doOnCancel(() -> world.cut++)));
    }

    private static BiConsumer<Attempt<String>, Integer> stated() {
        return (attempt, n) -> attempt.used(TokenUsage.of(60, n * 10L));
    }

    private static BiConsumer<Attempt<String>, Integer> counted() {
        return (attempt, n) -> attempt.counted(10);
    }

    private void isCutAfter(int elements, Budget budget, Told told) {
        assertThat(told.values).hasSize(elements);
        assertThat(told.error).isInstanceOf(BudgetExceededException.class).hasMessageStartingWith("The stream was cut");
        assertThat(world.cut).isEqualTo(1);
        assertThat(budget.snapshot().openReservations()).isZero();
        assertThat(world.failures()).as("the provider did nothing wrong").isZero();
        world.holdsNothing();
    }

    @Test
    void aStreamIsCutAtItsBudgetByWhatItStates() {
        Budget budget = world.budget(125);
        Told told = ten(budget, stated());
        isCutAfter(6, budget, told);
        assertThat(budget.snapshot().spent().tokens())
                .as("the element that did not fit was paid for")
                .isEqualTo(130);
        assertThat(world.limiter.snapshot(KEY).tokens()).isEqualTo(130);
    }

    @Test
    void aStreamIsCutAtItsBudgetByWhatIsCounted() {
        Budget budget = world.budget(125);
        Told told = ten(budget, counted());
        isCutAfter(6, budget, told);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(130);
    }

    @Test
    void aStreamGoesOnBeyondItsEstimateWhileTheBudgetHasSome() {
        Budget budget = world.budget(160);
        List<Long> reserved = new ArrayList<>();
        Told told = ten(
                budget,
                stated().andThen((attempt, n) ->
                        reserved.add(budget.snapshot().reserved().tokens())));
        assertThat(told.completed).isTrue();
        assertThat(told.values).hasSize(10);
        assertThat(reserved).containsExactly(100L, 100L, 100L, 100L, 100L, 110L, 120L, 130L, 140L, 150L);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(160);
        world.holdsNothing();
    }

    @Test
    void whatIsStatedAtTheEndGoesBeforeWhatWasCounted() {
        Budget budget = world.budget(1_000);
        ten(budget, counted().andThen((attempt, n) -> {
            if (n == 10) {
                attempt.used(TokenUsage.of(50, 70));
            }
        }));
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(120);
    }

    @Test
    void ofAStreamThatBreaksOffTheLargerOfStatedAndCountedIsPaid() {
        Budget budget = world.budget(1_000);
        world.subscribe(with(budget)
                .governMany(
                        CALL,
                        attempt -> Flux.range(1, 5)
                                .doFirst(() -> attempt.used(TokenUsage.of(30, 1)))
                                .doOnNext(n -> attempt.counted(4))
                                .concatWith(Flux.error(failure(FailureClass.TRANSIENT)))));
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(50);
        world.holdsNothing();
    }

    @Test
    void whatAnAttemptCountedDoesNotCountForTheNext() {
        Budget budget = world.budget(1_000);
        Told told = world.subscribe(with(budget)
                .governMany(
                        CALL,
                        attempt -> attempt.number() == 1
                                ? Flux.<Integer>error(failure(FailureClass.TRANSIENT))
                                        .doFirst(() -> attempt.counted(7))
                                : Flux.range(1, 2).doOnNext(n -> attempt.counted(1))));
        world.pass(Duration.ofSeconds(5));
        assertThat(told.completed).isTrue();
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(60 + 7 + 60 + 2);
    }

    @Test
    void aStreamWithoutABudgetIsNotCut() {
        Governor bare = Governor.builder().scheduler(world.clock).build();
        Told told = world.subscribe(
                bare.governMany(CALL, attempt -> Flux.range(1, 10).doOnNext(n -> attempt.counted(1_000_000))));
        assertThat(told.values).hasSize(10);
        assertThat(told.completed).isTrue();
    }

    @Test
    void theElementThatIsNotToldIsDiscarded() {
        List<Object> discarded = new ArrayList<>();
        world.subscribe(with(world.budget(115))
                .governMany(CALL, attempt -> Flux.range(1, 10).doOnNext(n -> attempt.counted(10)))
                .doOnDiscard(Object.class, discarded::add));
        assertThat(discarded).startsWith(6);
    }
}
