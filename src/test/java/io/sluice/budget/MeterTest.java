package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class MeterTest {

    /** An element of a stream: so many tokens, and what the stream says of itself. */
    private record Chunk(long tokens, TokenUsage usage) {
        static Chunk of(long tokens) {
            return new Chunk(tokens, null);
        }

        static Chunk stating(TokenUsage usage) {
            return new Chunk(0, usage);
        }
    }

    private static final Charge CHARGE = Charge.of(ModelKey.of("p", "m"), TokenEstimate.of(10, 20));

    private final Budget budget = Budget.root("run").tokens(100).build();
    private final TestPublisher<Chunk> source = TestPublisher.create();

    @AfterEach
    void nothingStaysReserved() {
        assertThat(budget.snapshot().reserved()).isEqualTo(BudgetAmount.NONE);
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    private Flux<Chunk> metered(Flux<Chunk> stream) {
        return stream.transform(budget.meter(CHARGE, Chunk::tokens, Chunk::usage));
    }

    private long spent() {
        return budget.snapshot().spent().tokens();
    }

    private long reserved() {
        return budget.snapshot().reserved().tokens();
    }

    @Test
    void whatWasCountedIsSpentWhereNothingWasStated() {
        StepVerifier.create(metered(Flux.just(Chunk.of(3), Chunk.of(4))))
                .expectNextCount(2)
                .verifyComplete();
        assertThat(spent()).isEqualTo(17);
    }

    @Test
    void whatWasStatedLastIsSpentEachSideForItself() {
        StepVerifier.create(metered(Flux.just(
                        Chunk.stating(TokenUsage.of(12, 1)), Chunk.of(5), Chunk.stating(TokenUsage.output(4)))))
                .expectNextCount(3)
                .verifyComplete();
        assertThat(spent()).isEqualTo(16);
    }

    @Test
    void aStreamGoesOnBeyondItsEstimateWhileTheBudgetHasSome() {
        StepVerifier.create(metered(source.flux()))
                .then(() -> source.next(Chunk.of(20)))
                .expectNextCount(1)
                .then(() -> assertThat(reserved()).isEqualTo(30))
                .then(() -> source.next(Chunk.of(30)))
                .expectNextCount(1)
                .then(() -> assertThat(reserved()).as("and a little to spare").isEqualTo(60 + 3))
                .then(source::complete)
                .verifyComplete();
        assertThat(spent()).isEqualTo(60);
    }

    @Test
    void aStreamIsCutWhenTheBudgetIsUsedUp() {
        Reservation other = budget.tryReserve(Charge.tokens(TokenEstimate.of(0, 50)));
        List<Object> discarded = new ArrayList<>();
        StepVerifier.create(metered(source.flux()).doOnDiscard(Chunk.class, discarded::add))
                .then(() -> source.next(Chunk.of(20), Chunk.of(20)))
                .expectNextCount(2)
                .then(() -> source.next(Chunk.of(1)))
                .verifyErrorSatisfies(error -> {
                    BudgetExceededException why = (BudgetExceededException) error;
                    assertThat(why.isCut()).isTrue();
                    assertThat(why.asked()).isEqualTo(1);
                    assertThat(why.free()).isZero();
                    assertThat(why)
                            .hasMessageStartingWith("The stream was cut: the budget run has 0 tokens free of 100");
                });
        source.assertCancelled();
        assertThat(discarded).containsExactly(Chunk.of(1));
        assertThat(spent()).as("also what did not fit").isEqualTo(51);
        other.abandon();
    }

    /** From one token a chunk to fifty, in tokens and in money: cut by the first chunk that is too much. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aStreamOfAHundredThousandChunksIsCutWithinOneChunkOfTheLimit(long seed) {
        Random random = new Random(seed);
        long limit = 100_000L + random.nextInt(150_000);
        CallPrice nano = (model, usage) ->
                new BigDecimal("0.000000003").multiply(BigDecimal.valueOf(usage.inputOr(0) + usage.outputOr(0)));
        Budget one = seed % 2 == 0
                ? Budget.root("run").tokens(limit).build()
                : Budget.root("run").money(new Money(3 * limit)).prices(nano).build();
        AtomicLong told = new AtomicLong();
        AtomicLong next = new AtomicLong();
        StepVerifier.create(Flux.range(0, 100_000)
                        .map(i -> Chunk.of(seed == 1 ? 3 : 1 + random.nextInt(50)))
                        .transform(one.meter(CHARGE, Chunk::tokens, Chunk::usage))
                        .doOnNext(chunk -> told.addAndGet(chunk.tokens()))
                        .doOnDiscard(Chunk.class, chunk -> next.compareAndSet(0, chunk.tokens()))
                        .then())
                .verifyErrorSatisfies(error ->
                        assertThat(((BudgetExceededException) error).isCut()).isTrue());
        assertThat(10 + told.get()).isLessThanOrEqualTo(limit);
        assertThat(10 + told.get() + next.get()).as("one more was too much").isGreaterThan(limit);
        assertThat(one.snapshot().spent().tokens()).isEqualTo(10 + told.get() + next.get());
        assertThat(one.snapshot().openReservations()).isZero();
    }

    @Test
    void aStreamIsCutForMoneyThoughItsTokensFit() {
        CallPrice outputIsDear = (model, usage) -> BigDecimal.valueOf(usage.inputOr(0) + 10 * usage.outputOr(0));
        Budget paid = Budget.root("paid").usd("250").prices(outputIsDear).build();
        StepVerifier.create(Flux.just(Chunk.stating(TokenUsage.input(1)), Chunk.of(24), Chunk.of(1))
                        .transform(paid.meter(CHARGE, Chunk::tokens, Chunk::usage)))
                .expectNextCount(2)
                .verifyErrorSatisfies(error -> assertThat(((BudgetExceededException) error).dimension())
                        .isEqualTo(BudgetDimension.MONEY));
        assertThat(paid.snapshot().spent().money()).isEqualTo(Money.usd("251"));
        assertThat(paid.snapshot().overdraft().money()).isEqualTo(Money.usd("1"));
    }

    @Test
    void aStreamThatNeedsMoreAfterTheTimeOfTheBudgetIsCut() {
        StepVerifier.withVirtualTime(() -> {
                    Budget timed = Budget.root("timed")
                            .wallTime(Duration.ofSeconds(10))
                            .build();
                    return Flux.interval(Duration.ofSeconds(1))
                            .map(i -> Chunk.of(1))
                            .transform(timed.meter(CHARGE, Chunk::tokens, Chunk::usage));
                })
                .thenAwait(Duration.ofSeconds(20))
                .expectNextCount(20)
                .thenAwait(Duration.ofSeconds(1))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .hasMessageContaining("the budget timed has no time left")
                        .hasMessageContaining("PT10S"));
    }

    @Test
    void aStreamThatIsCancelledCostsItsInputAndWhatWasCounted() {
        Disposable subscriber = metered(source.flux()).subscribe(chunk -> {});
        source.next(Chunk.stating(TokenUsage.of(11, 1)), Chunk.of(7));
        subscriber.dispose();
        source.assertCancelled();
        assertThat(spent())
                .as("what was stated at the beginning is no final output")
                .isEqualTo(18);
    }

    @Test
    void aStreamThatIsCancelledBeforeItsFirstElementCostsWhatWasReserved() {
        metered(source.flux()).subscribe(chunk -> {}).dispose();
        assertThat(spent()).isEqualTo(30);
    }

    @Test
    void aStreamThatBreaksOffCostsWhatIsKnown() {
        ProviderFailure overloaded = new ProviderFailure(529, null, "overloaded", FailureClass.OVERLOADED, null);
        StepVerifier.create(metered(Flux.just(Chunk.of(3)).concatWith(Flux.error(overloaded))))
                .expectNextCount(1)
                .verifyError(ProviderFailure.class);
        assertThat(spent()).isEqualTo(13);
        StepVerifier.create(metered(
                        Flux.just(Chunk.of(3)).concatWith(Flux.error(overloaded.withUsage(TokenUsage.of(9, 5))))))
                .expectNextCount(1)
                .verifyError(ProviderFailure.class);
        assertThat(spent()).isEqualTo(13 + 14);
    }

    @Test
    void aStreamThatIsRefusedBeforeItBeginsCostsNothing() {
        ProviderFailure refused = new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, null);
        StepVerifier.create(metered(Flux.error(refused))).verifyError(ProviderFailure.class);
        assertThat(spent()).isZero();
        StepVerifier.create(metered(Flux.just(Chunk.of(2)).concatWith(Flux.error(refused))))
                .expectNextCount(1)
                .verifyError(ProviderFailure.class);
        assertThat(spent()).as("it had begun").isEqualTo(12);
    }

    @Test
    void anElementThatCannotBeCountedEndsTheStream() {
        StepVerifier.create(source.flux()
                        .transform(budget.meter(
                                CHARGE,
                                chunk -> {
                                    throw new IllegalStateException("cannot count");
                                },
                                chunk -> null)))
                .then(() -> source.next(Chunk.of(1)))
                .verifyErrorMessage("cannot count");
        source.assertCancelled();
        assertThat(spent()).isEqualTo(10);
        StepVerifier.create(Flux.just(Chunk.of(-1)).transform(budget.meter(CHARGE, Chunk::tokens, Chunk::usage)))
                .verifyErrorMessage("an element must not be counted as -1 tokens");
    }

    @Test
    void demandIsPassedOnOnceThereIsAReservation() {
        StepVerifier.create(metered(source.flux()), 0)
                .expectSubscription()
                .then(source::assertWasNotRequested)
                .thenRequest(2)
                .then(() -> source.assertMinRequested(2))
                .then(() -> source.next(Chunk.of(1), Chunk.of(1)))
                .expectNextCount(2)
                .then(source::complete)
                .verifyComplete();
    }

    /** A stream that need not wait for anything would otherwise go on to its end, and be paid for. */
    @Test
    void aStreamIsCutWhileItAnswersItsFirstDemand() {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger cancels = new AtomicInteger();
        Flux<Chunk> stream = Flux.range(1, 1_000)
                .doOnNext(made::set)
                .doOnCancel(cancels::incrementAndGet)
                .map(number -> Chunk.of(10));
        StepVerifier.create(metered(stream)).thenConsumeWhile(chunk -> true).verifyError(BudgetExceededException.class);
        assertThat(made).hasValueLessThan(20);
        assertThat(cancels).hasValue(1);
    }
}
