package io.sluice.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetClosedException;
import io.sluice.budget.Charge;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** How requests share what a batch may spend. */
class BatchBudgetTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Charge HUNDRED = Charge.tokens(TokenEstimate.of(50, 50));

    private final Budget budget = Budget.root("batch").tokens(1_000).build();
    private final AtomicInteger ends = new AtomicInteger();
    private final BatchBudget spending = new BatchBudget(budget, ends::incrementAndGet);

    @AfterEach
    void dispose() {
        budget.dispose();
    }

    private Mono<Long> request(long uses) {
        return spending.charge(HUNDRED, Mono.just(uses), used -> TokenUsage.of(used, 0), () -> true);
    }

    private long spent() {
        return budget.snapshot().spent().tokens();
    }

    @Test
    void requestsThatCostLessThanTheirEstimateAllFindRoomOneAfterTheOther() {
        Flux.range(0, 990)
                .flatMap(
                        i -> spending.charge(
                                HUNDRED,
                                Mono.just(1).delayElement(Duration.ofMillis(1)),
                                used -> TokenUsage.of(used, 0),
                                () -> true),
                        256)
                .timeout(SOON)
                .take(901)
                .blockLast();
        assertThat(ends).hasValue(0);
        assertThat(spent()).isGreaterThanOrEqualTo(900);
    }

    @Test
    void theFirstThatDoesNotFitAlthoughNothingIsReservedIsTheEnd() {
        for (int i = 0; i < 9; i++) {
            request(101).block(SOON);
        }
        assertThat(spending.refusal()).isNull();
        Disposable next = request(100).subscribe();
        assertThat(ends).hasValue(1);
        assertThat(spending.refusal()).satisfies(refusal -> {
            assertThat(refusal.asked()).isEqualTo(100);
            assertThat(refusal.free()).isEqualTo(91);
        });
        assertThat(next.isDisposed()).as("it has no result").isFalse();
        next.dispose();
    }

    @Test
    void manyThreadsNeverLoseOneThatWaitsAndNeverSpendMore() {
        AtomicInteger answered = new AtomicInteger();
        Sinks.Empty<Void> over = Sinks.empty();
        BatchBudget shared = new BatchBudget(budget, over::tryEmitEmpty);
        Flux.range(0, 10_000)
                .flatMap(
                        i -> shared.charge(
                                        HUNDRED,
                                        Mono.just(3).publishOn(Schedulers.parallel()),
                                        used -> TokenUsage.of(used, 0),
                                        () -> true)
                                .doOnNext(done -> answered.incrementAndGet())
                                .subscribeOn(Schedulers.parallel()),
                        64)
                .takeUntilOther(over.asMono())
                .blockLast(SOON);
        // The 301st would fit by what it uses, and does not by what it may use.
        assertThat(answered).hasValue(301);
        assertThat(spent()).isEqualTo(903);
    }

    @Test
    void whatOthersHaveReservedIsNotWaitedFor() {
        budget.tryReserve(Charge.tokens(TokenEstimate.of(950, 0)));
        Disposable next = request(1).subscribe();
        assertThat(ends).hasValue(1);
        next.dispose();
    }

    @Test
    void whatIsCancelledBeforeItWasSentCostsNothing() {
        spending.charge(HUNDRED, Mono.never(), used -> TokenUsage.UNKNOWN, () -> false)
                .subscribe()
                .dispose();
        assertThat(spent()).isZero();
        spending.charge(HUNDRED, Mono.never(), used -> TokenUsage.UNKNOWN, () -> true)
                .subscribe()
                .dispose();
        assertThat(spent()).as("nobody knows what it cost").isEqualTo(100);
        assertThat(budget.snapshot().reserved().tokens()).isZero();
    }

    @Test
    void otherErrorsArePassedOn() {
        assertThatThrownBy(() -> spending.charge(
                                HUNDRED,
                                Mono.error(new IllegalStateException("broken")),
                                used -> TokenUsage.UNKNOWN,
                                () -> true)
                        .block(SOON))
                .hasMessage("broken");
        budget.dispose();
        assertThatThrownBy(() -> request(1).block(SOON)).isInstanceOf(BudgetClosedException.class);
    }
}
