package io.sluice.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.call.SentCall;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.deadline.DeadlineExceededException;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Scannable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.publisher.PublisherProbe;
import reactor.test.publisher.TestPublisher;

class ChargeTest {

    private static final ModelKey MODEL = ModelKey.of("p", "m");

    /** 60 tokens, of which 40 are output. */
    private static final Charge CHARGE = Charge.of(MODEL, TokenEstimate.of(20, 40));

    private final Budget budget = Budget.root("run").tokens(100).build();

    @AfterEach
    void nothingStaysReserved() {
        BudgetSnapshot snapshot = budget.snapshot();
        assertThat(snapshot.reserved()).isEqualTo(BudgetAmount.NONE);
        assertThat(snapshot.openReservations()).isZero();
        Hooks.resetOnErrorDropped();
    }

    private long spent() {
        return budget.snapshot().spent().tokens();
    }

    private <T> Mono<T> charged(Mono<T> call) {
        return call.transform(budget.charge(CHARGE, answer -> TokenUsage.of(20, 5)));
    }

    @Test
    void aCallThatADeadlineCutsOffCostsWhatItWasToCost() {
        StepVerifier.withVirtualTime(() -> charged(Mono.<String>never()
                        .transform(Deadline.attempt(Duration.ofSeconds(9)).total(Duration.ofSeconds(5))::protect)))
                .thenAwait(Duration.ofSeconds(5))
                .verifyError(DeadlineExceededException.class);
        assertThat(spent()).isEqualTo(60);
    }

    @Test
    void whatWasUsedIsSpentBeforeTheAnswerIsTold() {
        List<Long> seen = new ArrayList<>();
        StepVerifier.create(charged(Mono.fromSupplier(() -> {
                            seen.add(budget.snapshot().reserved().tokens());
                            return "answer";
                        }))
                        .doOnNext(answer -> seen.add(spent())))
                .expectNext("answer")
                .verifyComplete();
        assertThat(seen).containsExactly(60L, 25L);
        assertThat(budget.snapshot().spent().calls()).isEqualTo(1);
    }

    @Test
    void aCallThatDoesNotFitIsNeverSubscribedTo() {
        PublisherProbe<String> probe = PublisherProbe.of(Mono.just("answer"));
        Reservation other = budget.tryReserve(CHARGE);
        StepVerifier.create(charged(probe.mono())).verifyErrorSatisfies(error -> {
            BudgetExceededException why = (BudgetExceededException) error;
            assertThat(why.path()).isEqualTo("run");
            assertThat(why.dimension()).isEqualTo(BudgetDimension.TOKENS);
            assertThat(why.asked()).isEqualTo(60);
            assertThat(why.free()).isEqualTo(40);
            assertThat(why.limit()).isEqualTo(100);
            assertThat(why.reserved()).isEqualTo(60);
            assertThat(why.failureClass()).isEqualTo(FailureClass.REJECTED);
            assertThat(why.getStackTrace()).isEmpty();
        });
        probe.assertWasNotSubscribed();
        other.abandon();
        assertThat(spent()).isZero();
    }

    @Test
    void fourCallsOfFiftyInABudgetOfAHundredAdmitTwo() {
        Charge fifty = Charge.tokens(TokenEstimate.of(10, 40));
        AtomicInteger admitted = new AtomicInteger();
        Sinks.One<String> end = Sinks.one();
        List<String> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            end.asMono()
                    .doOnSubscribe(s -> admitted.incrementAndGet())
                    .transform(budget.charge(fifty, answer -> TokenUsage.of(10, 40)))
                    .onErrorResume(BudgetExceededException.class, refused -> Mono.just("refused"))
                    .subscribe(results::add);
        }
        assertThat(admitted).hasValue(2);
        assertThat(results).containsExactly("refused", "refused");
        end.tryEmitValue("answer");
        assertThat(results).containsExactly("refused", "refused", "answer", "answer");
        assertThat(spent()).isEqualTo(100);
    }

    @Test
    void aZipWithALegThatIsRefusedLeavesNoOtherLegReserved() {
        Mono<String> never = Mono.never();
        StepVerifier.create(Mono.zip(charged(never), charged(Mono.just("b"))))
                .verifyError(BudgetExceededException.class);
        assertThat(budget.snapshot().openReservations()).isZero();
        assertThat(spent()).as("the first leg had been sent").isEqualTo(60);
    }

    @Test
    void aCallThatIsCancelledCostsWhatItReservedOnceItWasSubscribedTo() {
        TestPublisher<String> call = TestPublisher.create();
        Disposable subscriber = charged(call.mono()).subscribe(x -> {});
        assertThat(budget.snapshot().reserved().tokens()).isEqualTo(60);
        subscriber.dispose();
        call.assertCancelled();
        assertThat(spent()).isEqualTo(60);
    }

    @Test
    void nothingIsReservedBeforeTheFirstRequest() {
        StepVerifier.create(charged(Mono.just("answer")), 0)
                .expectSubscription()
                .then(() -> assertThat(budget.snapshot().openReservations()).isZero())
                .thenRequest(1)
                .expectNext("answer")
                .verifyComplete();
    }

    @Test
    void aTimeoutDownstreamCostsWhatWasReservedOnVirtualTime() {
        StepVerifier.withVirtualTime(() -> charged(Mono.never()).timeout(Duration.ofSeconds(30)))
                .expectSubscription()
                .expectNoEvent(Duration.ofSeconds(30).minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .verifyError(TimeoutException.class);
        assertThat(spent()).isEqualTo(60);
    }

    @Test
    void eachSubscriberIsChargedForItself() {
        Mono<String> call = charged(Mono.just("answer"));
        for (int i = 1; i <= 2; i++) {
            StepVerifier.create(call).expectNextCount(1).verifyComplete();
            assertThat(spent()).isEqualTo(25L * i);
        }
    }

    // ---- what is not known ----

    @Test
    void aCallWithoutAnAnswerCostsWhatItReserved() {
        StepVerifier.create(charged(Mono.empty())).verifyComplete();
        assertThat(spent()).isEqualTo(60);
    }

    @Test
    void aSideThatIsUnknownCountsAsEstimated() {
        StepVerifier.create(Mono.just("x").transform(budget.charge(CHARGE, x -> TokenUsage.output(3))))
                .expectNext("x")
                .verifyComplete();
        assertThat(spent()).isEqualTo(23);
    }

    @Test
    void anAnswerWhoseUsageCannotBeReadIsToldAndCostsWhatItReserved() {
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        List<BudgetEvent> events = new ArrayList<>();
        Disposable listening = budget.events().subscribe(events::add);
        IllegalStateException unreadable = new IllegalStateException("no usage");
        StepVerifier.create(Mono.just("x").transform(budget.charge(CHARGE, x -> {
                    throw unreadable;
                })))
                .expectNext("x")
                .verifyComplete();
        assertThat(spent()).isEqualTo(60);
        assertThat(dropped).containsExactly(unreadable);
        listening.dispose();
    }

    @Test
    void moreThanWasReservedIsAnOverdraftThatEndsAdmission() {
        StepVerifier.create(Mono.just("x").transform(budget.charge(CHARGE, x -> TokenUsage.of(20, 100))))
                .expectNext("x")
                .verifyComplete();
        assertThat(budget.snapshot().overdraft().tokens()).isEqualTo(20);
        StepVerifier.create(Mono.just("x").transform(budget.charge(Charge.call(), x -> TokenUsage.UNKNOWN)))
                .verifyErrorSatisfies(error -> assertThat(error).hasMessageContaining("overdrawn by 20 tokens"));
    }

    // ---- failures ----

    private static ProviderFailure failure(FailureClass meaning) {
        return new ProviderFailure(0, null, "no", meaning, null);
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedCallCostsNothingAndAnyOtherFailureWhatWasReserved(FailureClass meaning) {
        StepVerifier.create(charged(Mono.error(failure(meaning)))).verifyError(ProviderFailure.class);
        boolean refused = switch (meaning) {
            case RATE_LIMIT, QUOTA, TOO_LARGE, CALLER, REJECTED -> true;
            case OVERLOADED, TRANSIENT, UNKNOWN, PROGRAMMING -> false;
        };
        assertThat(spent()).isEqualTo(refused ? 0 : 60);
        assertThat(budget.snapshot().spent().calls()).isEqualTo(refused ? 0 : 1);
    }

    @Test
    void aCallThatWasNeverSentCostsNothing() {
        StepVerifier.create(charged(Mono.error(new IllegalStateException(new ConnectException("refused")))))
                .verifyError(IllegalStateException.class);
        assertThat(spent()).isZero();
    }

    @Test
    void anErrorThatSaysWhatWasUsedCostsThat() {
        ProviderFailure broken = failure(FailureClass.RATE_LIMIT).withUsage(TokenUsage.of(20, 7));
        StepVerifier.create(charged(Mono.error(new IllegalStateException(broken))))
                .verifyError(IllegalStateException.class);
        assertThat(spent()).isEqualTo(27);
    }

    /** An error of ours that ends a call on its way, as that of a deadline does. */
    private static final class TooLate extends SluiceException implements SentCall {
        TooLate() {
            super("too late", null, FailureClass.REJECTED, null, false);
        }

        @Override
        public boolean wasSent() {
            return true;
        }
    }

    @Test
    void aCallThatWeCutOffOnItsWayCostsWhatWasReserved() {
        StepVerifier.create(charged(Mono.error(new IllegalStateException(new TooLate()))))
                .verifyError(IllegalStateException.class);
        assertThat(spent()).isEqualTo(60);
    }

    @Test
    void anErrorOfAChargedCallWithinSaysNothingAboutTheCallAroundIt() {
        Budget outer = Budget.root("outer").build();
        ProviderFailure broken = failure(FailureClass.TRANSIENT).withUsage(TokenUsage.of(9, 9));
        Charge small = Charge.tokens(TokenEstimate.of(1, 1));
        Mono<String> call = charged(Mono.<String>error(broken))
                .onErrorMap(error -> new IllegalStateException(error))
                .transform(outer.charge(small, x -> TokenUsage.UNKNOWN));
        StepVerifier.create(call).verifyError(IllegalStateException.class);
        assertThat(spent()).isEqualTo(18);
        assertThat(outer.snapshot().spent().tokens()).as("its own reservation").isEqualTo(2);
    }

    // ---- money ----

    /** 2 dollars a million tokens of input, 8 of output. */
    private static final CallPrice PRICES = (model, usage) -> model.equals(MODEL)
            ? new BigDecimal("0.000002")
                    .multiply(BigDecimal.valueOf(usage.inputOr(0)))
                    .add(new BigDecimal("0.000008").multiply(BigDecimal.valueOf(usage.outputOr(0))))
            : null;

    @Test
    void moneyIsReservedAndSpentByThePriceOfTheModel() {
        Budget paid = Budget.root("paid").usd("0.000400").prices(PRICES).build();
        Reservation reservation = paid.tryReserve(CHARGE);
        assertThat(paid.snapshot().reserved().money()).isEqualTo(Money.usd("0.00036"));
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> paid.tryReserve(CHARGE))
                .withMessageContaining("$0.00004 free of $0.0004, and $0.00036 would be needed")
                .satisfies(why -> assertThat(why.dimension()).isEqualTo(BudgetDimension.MONEY));
        reservation.succeeded(TokenUsage.of(20, 5));
        assertThat(paid.snapshot().spent().money()).isEqualTo(Money.usd("0.00008"));
        assertThat(paid.snapshot().freeMoney()).isEqualTo(Money.usd("0.00032"));
    }

    @Test
    void fractionsOfANanoDollarAreReservedRoundedUpAndSpentToTheNearest() {
        CallPrice fine =
                (model, usage) -> new BigDecimal("0.00000000004").multiply(BigDecimal.valueOf(usage.inputOr(0)));
        Budget paid = Budget.root("paid").prices(fine).build();
        Reservation reservation = paid.tryReserve(Charge.of(MODEL, TokenEstimate.of(10, 0)));
        assertThat(paid.snapshot().reserved().money()).isEqualTo(new Money(1));
        reservation.succeeded(TokenUsage.of(10, 0));
        assertThat(paid.snapshot().spent().money()).isEqualTo(Money.ZERO);
    }

    @Test
    void aLimitOfMoneyNeedsAPriceOrAnAmount() {
        Budget child = Budget.root("paid").usd("1.00").prices(PRICES).build().child("a", BudgetLimits.none());
        Charge unknown = Charge.of(ModelKey.of("p", "other"), TokenEstimate.of(1, 1));
        StepVerifier.create(Mono.just("x").transform(child.charge(unknown, x -> TokenUsage.UNKNOWN)))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(UnknownPriceException.class)
                        .hasMessageContaining("price of p/other is not known"));
        assertThatExceptionOfType(UnknownPriceException.class)
                .isThrownBy(() -> child.tryReserve(Charge.tokens(TokenEstimate.of(1, 1))))
                .withMessageContaining("neither a model nor money");
        Reservation stated = child.tryReserve(unknown.usd("0.25"));
        stated.succeeded(TokenUsage.of(1, 1));
        assertThat(child.snapshot().spent().money()).isEqualTo(Money.usd("0.25"));
        Reservation billed = child.tryReserve(unknown.usd("0.25"));
        billed.succeeded(TokenUsage.of(1, 1), Money.usd("0.10"));
        assertThat(child.snapshot().spent().money()).isEqualTo(Money.usd("0.35"));
    }

    @Test
    void withoutALimitOfMoneyNobodyAsksForThePrice() {
        StepVerifier.create(charged(Mono.just("x"))).expectNext("x").verifyComplete();
        assertThat(budget.snapshot().spent().money()).isEqualTo(Money.ZERO);
    }

    @Test
    void aPriceThatFailsBeforeTheCallIsItsErrorAndAfterItCostsWhatWasReserved() {
        AtomicInteger asked = new AtomicInteger();
        CallPrice failing = (model, usage) -> {
            if (asked.incrementAndGet() != 1) {
                throw new IllegalStateException("no price");
            }
            return new BigDecimal("0.5");
        };
        List<Throwable> dropped = new ArrayList<>();
        Hooks.onErrorDropped(dropped::add);
        Budget paid = Budget.root("paid").usd("2").prices(failing).build();
        StepVerifier.create(Mono.just("x").transform(paid.charge(CHARGE, x -> TokenUsage.of(1, 1))))
                .expectNext("x")
                .verifyComplete();
        assertThat(dropped).hasSize(1);
        assertThat(paid.snapshot().spent()).isEqualTo(BudgetAmount.of(60, 500_000_000, 1));
        PublisherProbe<String> probe = PublisherProbe.of(Mono.just("x"));
        StepVerifier.create(probe.mono().transform(paid.charge(CHARGE, x -> TokenUsage.of(1, 1))))
                .verifyErrorMessage("no price");
        probe.assertWasNotSubscribed();
    }

    // ---- the chain ----

    @Test
    void aBudgetIsSharedAlongAChainOfAgents() {
        Budget researcher = budget.child("researcher", BudgetLimits.none().tokens(70));
        Charge small = Charge.tokens(TokenEstimate.of(10, 20));
        Mono<String> model = Mono.just("answer").transform(Budget.charging(small, x -> TokenUsage.of(10, 20)));
        Mono<String> second = model.then(model);
        Mono<String> chain = model.then(second.contextWrite(Sluice.budget(researcher)))
                .contextWrite(Sluice.budget(budget).idempotent(true));
        StepVerifier.create(chain).expectNext("answer").verifyComplete();
        assertThat(researcher.snapshot().spent().tokens()).isEqualTo(60);
        assertThat(spent()).isEqualTo(90);
        StepVerifier.create(chain)
                .verifyErrorSatisfies(error ->
                        assertThat(((BudgetExceededException) error).path()).isEqualTo("run"));
        assertThat(spent()).isEqualTo(90);
    }

    @Test
    void withoutABudgetInTheContextNothingIsCharged() {
        StepVerifier.create(Mono.just("x").transform(Budget.charging(CHARGE, x -> TokenUsage.of(1, 1))))
                .expectNext("x")
                .verifyComplete();
        StepVerifier.create(Flux.just("x").transform(Budget.metering(CHARGE, x -> 1_000, x -> null)))
                .expectNext("x")
                .verifyComplete();
    }

    // ---- Reactor ----

    @Test
    void whatComesAfterTheEndIsDropped() {
        TestPublisher<String> rude = TestPublisher.createNoncompliant(
                TestPublisher.Violation.CLEANUP_ON_TERMINATE, TestPublisher.Violation.REQUEST_OVERFLOW);
        StepVerifier.create(charged(rude.mono()))
                .then(() -> rude.emit("a"))
                .expectNext("a")
                .expectComplete()
                .verifyThenAssertThat()
                .hasNotDroppedErrors();
        assertThat(spent()).isEqualTo(25);
    }

    @Test
    void aSourceThatThrowsWhileSubscribedToCostsWhatWasReserved() {
        Mono<String> broken = new Mono<>() {
            @Override
            public void subscribe(CoreSubscriber<? super String> actual) {
                throw new IllegalStateException("against the rules");
            }
        };
        StepVerifier.create(charged(broken)).verifyErrorMessage("against the rules");
        assertThat(spent()).isEqualTo(60);
    }

    @Test
    void toolsCanLookThroughTheOperator() {
        AtomicInteger parents = new AtomicInteger();
        Mono<String> call = charged(Mono.<String>never());
        call.subscribe(new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {
                subscription.request(1);
                Scannable scan = Scannable.from(subscription);
                parents.set((int) scan.parents().count());
                assertThat(scan.name()).isEqualTo("reservation of run");
                assertThat(scan.scan(Scannable.Attr.CANCELLED)).isFalse();
                cancel();
                assertThat(scan.scan(Scannable.Attr.CANCELLED)).isTrue();
            }
        });
        assertThat(parents.get()).isPositive();
    }
}
