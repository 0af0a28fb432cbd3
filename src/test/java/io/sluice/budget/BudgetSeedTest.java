package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.SluiceException;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.deadline.DeadlineExceededException;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.retry.ProviderRetry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

/**
 * What llm-connect planned for its budgets and its asynchronous adapters (LLM-WP-0002, T01 to T11 and its exit criteria), each
 * by its number, as far as it is about budgets; done as its defects say that it should have been.
 */
class BudgetSeedTest {

    private static final Charge FIFTY = Charge.tokens(TokenEstimate.of(10, 40));

    private final Budget budget = Budget.root("run").tokens(100).build();

    /** An adapter that knows nothing of budgets but that it is charged to the one of its Context. */
    private static Mono<String> adapter(String name) {
        return Mono.fromSupplier(() -> name)
                .transform(Budget.charging(Charge.tokens(TokenEstimate.of(5, 25)), x -> TokenUsage.of(5, 20)));
    }

    @Test
    void t01ABudgetHasATotalWhatWasSpentAndWhatRemains() {
        budget.tryReserve(FIFTY).succeeded(TokenUsage.of(10, 20));
        BudgetSnapshot snapshot = budget.snapshot();
        assertThat(snapshot.limits().tokens()).isEqualTo(100);
        assertThat(snapshot.spent().tokens()).isEqualTo(30);
        assertThat(snapshot.freeTokens()).isEqualTo(70);
    }

    @Test
    void t01AdditionsOfManyThreadsAreAllCounted() {
        Budget wide = Budget.root("run").build();
        Flux.range(0, 8)
                .parallel(8)
                .runOn(Schedulers.parallel())
                .doOnNext(thread -> {
                    for (int i = 0; i < 2_000; i++) {
                        wide.tryReserve(FIFTY).succeeded(TokenUsage.of(1, 2));
                    }
                })
                .sequential()
                .blockLast();
        assertThat(wide.snapshot().spent()).isEqualTo(BudgetAmount.of(48_000, 0, 16_000));
    }

    @Test
    void t02ExceedingABudgetIsAnErrorOfItsOwnType() {
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> budget.tryReserve(Charge.tokens(TokenEstimate.of(1, 100))))
                .isInstanceOf(SluiceException.class);
    }

    @Test
    void t03WithoutABudgetCallsPassAsBefore() {
        StepVerifier.create(adapter("a")).expectNext("a").verifyComplete();
    }

    @Test
    void t04ACallIsCheckedBeforeItIsMadeAndCountedAfterIt() {
        List<String> sent = new ArrayList<>();
        Mono<String> call = Mono.fromSupplier(() -> {
                    sent.add("sent");
                    return "x";
                })
                .transform(budget.charge(FIFTY, x -> TokenUsage.of(10, 40)));
        StepVerifier.create(call.repeat(1)).expectNextCount(2).verifyComplete();
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(100);
        StepVerifier.create(call).verifyError(BudgetExceededException.class);
        assertThat(sent).hasSize(2);
    }

    @Test
    void t06AChainOfThreeAgentsSharesOneBudget() {
        Mono<String> c = adapter("c");
        Mono<String> b = adapter("b").then(c);
        Mono<String> a = adapter("a").then(b);
        Mono<String> chain = a.contextWrite(Sluice.budget(budget));
        StepVerifier.create(chain).expectNext("c").verifyComplete();
        assertThat(budget.snapshot().spent()).isEqualTo(BudgetAmount.of(75, 0, 3));
        StepVerifier.create(chain)
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(BudgetExceededException.class)
                        .hasMessageContaining("25 tokens free of 100"));
        assertThat(budget.snapshot().spent().calls())
                .as("the cap holds along the chain")
                .isEqualTo(3);
    }

    @Test
    void t06EachAgentOfAChainMayHaveAPartOfTheBudgetAndNoneCanSpendMoreThanIsThere() {
        Budget b = budget.child("b", BudgetLimits.none().tokens(60));
        Budget c = b.child("c", BudgetLimits.none().tokens(30));
        Mono<String> third = adapter("c").contextWrite(Sluice.budget(c));
        Mono<String> second = adapter("b").then(third).contextWrite(Sluice.budget(b));
        Mono<String> first = adapter("a").then(second).contextWrite(Sluice.budget(budget));
        StepVerifier.create(first).expectNext("c").verifyComplete();
        assertThat(c.snapshot().spent().tokens()).isEqualTo(25);
        assertThat(b.snapshot().spent().tokens()).isEqualTo(50);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(75);
        StepVerifier.create(third)
                .verifyErrorSatisfies(error ->
                        assertThat(((BudgetExceededException) error).path()).isEqualTo("run/b/c"));
    }

    @Test
    void t10AndT11FourAdaptersAtOnceShareOneBudgetWithoutErrors() {
        Budget enough = Budget.root("run").tokens(120).build();
        StepVerifier.create(Mono.zip(
                                adapter("a").subscribeOn(Schedulers.parallel()),
                                adapter("b").subscribeOn(Schedulers.parallel()),
                                adapter("c").subscribeOn(Schedulers.parallel()),
                                adapter("d").subscribeOn(Schedulers.parallel()))
                        .contextWrite(Sluice.budget(enough)))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(enough.snapshot().spent()).isEqualTo(BudgetAmount.of(100, 0, 4));
    }

    /** The cap is one under concurrency too: of four calls of fifty, two are made. */
    @Test
    void t11OfFourAtOnceOnlyAsManyAreAdmittedAsFitTogether() {
        AtomicInteger sent = new AtomicInteger();
        Mono<String> call = Mono.<String>never()
                .doOnSubscribe(subscription -> sent.incrementAndGet())
                .transform(budget.charge(FIFTY, x -> TokenUsage.UNKNOWN));
        StepVerifier.create(Mono.zip(call, call, call, call)).verifyError(BudgetExceededException.class);
        assertThat(sent).hasValue(2);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(100);
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    @Test
    void t11ATimeoutReachesTheCallCancelsItAndCostsWhatItMayHaveCost() {
        TestPublisher<String> call = TestPublisher.create();
        StepVerifier.withVirtualTime(() -> call.mono()
                        .transform(budget.charge(FIFTY, x -> TokenUsage.UNKNOWN))
                        .transform(Deadline.attempt(Duration.ofSeconds(9))::protect))
                .thenAwait(Duration.ofSeconds(9))
                .verifyError(DeadlineExceededException.class);
        call.assertCancelled();
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(50);
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    /** A failed attempt is paid for before the next one is made; where that does not fit, there is none. */
    @Test
    void t11AFurtherAttemptIsMadeOnlyWhereItFitsBesideWhatEarlierOnesMayHaveCost() {
        AtomicInteger attempts = new AtomicInteger();
        Mono<String> call = Mono.<String>error(new IOException("broken off"))
                .doOnSubscribe(subscription -> attempts.incrementAndGet())
                .transform(budget.charge(FIFTY, x -> TokenUsage.UNKNOWN))
                .transform(ProviderRetry.attempts(5)::protect);
        StepVerifier.withVirtualTime(() -> call)
                .thenAwait(Duration.ofHours(1))
                .verifyError(BudgetExceededException.class);
        assertThat(attempts).hasValue(2);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(100);
    }
}
