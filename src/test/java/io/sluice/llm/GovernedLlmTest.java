package io.sluice.llm;

import static io.sluice.llm.PlayedLlm.says;
import static io.sluice.llm.PlayedLlm.uses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.FailureClass;
import io.sluice.budget.Budget;
import io.sluice.budget.BudgetExceededException;
import io.sluice.budget.CallPrice;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.deadline.DeadlineExceededException;
import io.sluice.failure.ProviderFailure;
import io.sluice.governor.Governor;
import io.sluice.governor.Outcome;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** An adapter and a governor of real parts, on virtual time. A call is estimated at 10 tokens in and 100 out. */
class GovernedLlmTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final TokenUsage USED = TokenUsage.of(9, 20);

    /** A cent for a thousand tokens of input, a dollar for a thousand of output. */
    private static final CallPrice PRICES =
            (model, usage) -> BigDecimal.valueOf(usage.inputOr(0), 5).add(BigDecimal.valueOf(usage.outputOr(0), 3));

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final Budget budget = budget(10_000);
    private final ModelRateLimiter limiter = limiter(100);

    private final List<Object> told = new ArrayList<>();
    private @Nullable Throwable error;
    private boolean over;

    private ModelRateLimiter limiter(long rpm) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("*", "*")
                                .rpm(rpm)
                                .tpm(100_000)
                                .utilizationTarget(1)
                                .concurrency(10)
                                .build()))
                .scheduler(clock)
                .random(() -> 0)
                .build();
    }

    private Budget budget(long tokens) {
        return Budget.root("run").tokens(tokens).scheduler(clock).build();
    }

    private Governor.Builder governor() {
        return Governor.builder()
                .scheduler(clock)
                .limiter(limiter)
                .budget(budget)
                .retry(ProviderRetry.attempts(3).scheduler(clock).random(() -> 0));
    }

    private GovernedLlm governed(LlmAdapter adapter) {
        return new GovernedLlm(adapter, governor().build());
    }

    private static LlmRequest.Builder ask() {
        return LlmRequest.builder("m").user("12345678").maxOutput(100);
    }

    private static ProviderFailure failure(FailureClass meaning) {
        return new ProviderFailure(0, null, "said by the provider", meaning, null);
    }

    private PlayedLlm answersAfter(Duration time) {
        return new PlayedLlm("p", n -> Flux.just(says("hi"), uses(USED)).delaySubscription(time, clock));
    }

    private Disposable subscribe(Publisher<?> call) {
        return Flux.from(call).subscribe(told::add, failed -> error = failed, () -> over = true);
    }

    private void pass(Duration time) {
        clock.advanceTimeBy(time);
    }

    private long spent() {
        assertThat(budget.snapshot().openReservations()).isZero();
        assertThat(limiter.snapshot(KEY).inFlight()).isZero();
        return budget.snapshot().spent().tokens();
    }

    // ---- what is used ----

    @Test
    void whatWasUsedIsSettledWithLimiterAndBudgetAndItsCostIsTold() {
        subscribe(governed(answersAfter(Duration.ofSeconds(1))).prices(PRICES).execute(ask().build()));
        assertThat(budget.snapshot().reserved().tokens()).isEqualTo(110);
        pass(Duration.ofSeconds(1));
        assertThat(told).singleElement().isInstanceOfSatisfying(LlmResponse.class, response -> {
            assertThat(response.usage()).isEqualTo(USED);
            assertThat(response.cost()).isEqualTo(Money.usd("0.02009"));
        });
        assertThat(spent()).isEqualTo(29);
        assertThat(limiter.snapshot(KEY).tokens()).isEqualTo(29);
    }

    @Test
    void whatTheProviderSaysACallCostGoesBeforeAnyPrice() {
        LlmAdapter billing = BlockingLlm.adapter("p", request -> null);
        LlmResponse answer = new LlmResponse("hi", "stop", USED, null, PlayedLlm.RAW).withCost(Money.usd("0.5"));
        LlmAdapter says = new LlmAdapter() {
            @Override
            public String provider() {
                return billing.provider();
            }

            @Override
            public Mono<LlmResponse> execute(LlmRequest request) {
                return Mono.just(answer);
            }

            @Override
            public Flux<LlmChunk> stream(LlmRequest request) {
                return Flux.just(uses(USED).withCost(Money.usd("0.5")), uses(USED));
            }
        };
        subscribe(governed(says).prices(PRICES).execute(ask().build()));
        assertThat(told).containsExactly(answer);
        told.clear();
        subscribe(governed(says).prices(PRICES).stream(ask().build()));
        assertThat(told)
                .extracting(piece -> ((LlmChunk) piece).cost())
                .containsExactly(Money.usd("0.5"), Money.usd("0.02009"));
    }

    @Test
    void aStreamThatIsCancelledCostsItsInputAndWhatItSaid() {
        PlayedLlm adapter = new PlayedLlm(
                "p", n -> Flux.interval(Duration.ofSeconds(1), clock).map(i -> says("12345678")));
        Disposable stream = subscribe(governed(adapter).stream(ask().build()));
        pass(Duration.ofSeconds(5));
        assertThat(told).hasSize(5);
        stream.dispose();
        // 2 for the text of the request and 8 for a message; 5 times 2 for what was said.
        assertThat(spent()).isEqualTo(10 + 5 * 2);
        assertThat(adapter.cancelled).hasValue(1);
    }

    @Test
    void aStreamThatBreaksOffCostsTheLargerOfWhatWasStatedAndWhatWasCounted() {
        PlayedLlm adapter = new PlayedLlm(
                "p",
                n -> Flux.just(
                                new LlmChunk("", null, TokenUsage.input(50), null, PlayedLlm.RAW),
                                says("12345678"),
                                says("12345678"))
                        .concatWith(Mono.error(failure(FailureClass.OVERLOADED).withUsage(TokenUsage.of(50, 1)))));
        subscribe(governed(adapter).stream(ask().build()));
        assertThat(error).isInstanceOf(ProviderFailure.class);
        assertThat(spent()).isEqualTo(50 + 4);
    }

    @Test
    void whatAStreamStatesAtItsEndIsWhatItCosts() {
        PlayedLlm adapter = new PlayedLlm("p", n -> Flux.just(says("1234567890".repeat(100)), uses(USED)));
        subscribe(governed(adapter).prices(PRICES).stream(ask().build()));
        assertThat(over).isTrue();
        assertThat(told).last().extracting(piece -> ((LlmChunk) piece).cost()).isEqualTo(Money.usd("0.02009"));
        assertThat(spent()).isEqualTo(29);
    }

    @Test
    void aStreamThatStatesNothingCostsWhatItSaid() {
        PlayedLlm adapter = new PlayedLlm("p", n -> Flux.just(says("12345678"), uses(null)));
        subscribe(governed(adapter).stream(ask().build()));
        assertThat(spent()).isEqualTo(10 + 2);
    }

    // ---- time ----

    @Test
    void anAttemptMayTakeTenMinutes() {
        GovernedLlm slow = governed(answersAfter(Duration.ofMinutes(10).minusMillis(1)));
        subscribe(slow.execute(ask().build()));
        pass(Duration.ofMinutes(10));
        assertThat(told).hasSize(1);

        subscribe(governed(answersAfter(Duration.ofDays(1))).execute(ask().build()));
        pass(Duration.ofMinutes(9));
        assertThat(error).isNull();
        // Three attempts of ten minutes do not fit into half an hour with the waits between them.
        pass(Duration.ofMinutes(21));
        assertThat(error).isInstanceOf(DeadlineExceededException.class);
    }

    @Test
    void aStreamMayTakeLongerThanAnAttemptAsLongAsItGoesOn() {
        PlayedLlm adapter = new PlayedLlm(
                "p",
                n -> Flux.interval(Duration.ofSeconds(20), clock)
                        .map(i -> says("x"))
                        .take(300));
        subscribe(governed(adapter).stream(ask().build()));
        pass(Duration.ofHours(2));
        assertThat(told).hasSize(300);
        assertThat(over).isTrue();
    }

    @Test
    void aDeadlineOfTheGovernorsOwnIsKept() {
        Governor strict = governor()
                .deadline(Deadline.attempt(Duration.ofSeconds(5)).scheduler(clock))
                .retry(once())
                .build();
        subscribe(new GovernedLlm(answersAfter(Duration.ofSeconds(6)), strict).execute(ask().build()));
        pass(Duration.ofSeconds(5));
        assertThat(error).isInstanceOf(DeadlineExceededException.class);
        assertThat(spent()).isEqualTo(110);
    }

    private ProviderRetry once() {
        return ProviderRetry.attempts(1).scheduler(clock);
    }

    @Test
    void aRequestsDeadlineNarrowsAndNeverWidens() {
        PlayedLlm adapter = answersAfter(Duration.ofMinutes(1));
        LlmRequest hasty = ask().deadline(Duration.ofSeconds(3)).build();
        subscribe(governed(adapter).execute(hasty));
        pass(Duration.ofSeconds(3));
        assertThat(error).isInstanceOf(DeadlineExceededException.class);
        assertThat(adapter.cancelled).hasValue(1);

        error = null;
        subscribe(governed(adapter)
                .execute(ask().deadline(Duration.ofHours(3)).build())
                .contextWrite(Sluice.deadline(Duration.ofSeconds(7))));
        pass(Duration.ofSeconds(6));
        assertThat(error).isNull();
        pass(Duration.ofSeconds(1));
        assertThat(error).isInstanceOf(DeadlineExceededException.class);
    }

    // ---- limits and budgets ----

    /** A charge ages from the answer, and not from the grant, because the provider counts it in between. */
    @Test
    void permitsAreAskedForWithTheSkewOfTheNetwork() {
        ModelRateLimiter one = limiter(1);
        PlayedLlm adapter = answersAfter(Duration.ofSeconds(1));
        Governor governor = governor().limiter(one).build();
        GovernedLlm llm = new GovernedLlm(adapter, governor);
        subscribe(llm.execute(ask().build()).then(llm.execute(ask().build())));
        pass(Duration.ofSeconds(60));
        assertThat(adapter.begun).hasValue(1);
        pass(Duration.ofSeconds(1));
        assertThat(adapter.begun).hasValue(2);
    }

    @Test
    void aSkewThatWasSetIsKeptAndWhatNeedsNoPermitNeedsNone() {
        ModelRateLimiter one = limiter(1);
        PlayedLlm adapter = answersAfter(Duration.ofSeconds(5));
        GovernedLlm patient = new GovernedLlm(
                adapter,
                governor()
                        .limiter(one)
                        .permits(call ->
                                PermitRequest.of(call.key(), call.estimate()).skew(Duration.ofSeconds(9)))
                        .build());
        subscribe(patient.execute(ask().build()).then(patient.execute(ask().build())));
        pass(Duration.ofSeconds(64));
        assertThat(adapter.begun).hasValue(1);
        pass(Duration.ofSeconds(1));
        assertThat(adapter.begun).hasValue(2);

        PlayedLlm free = answersAfter(Duration.ofSeconds(1));
        subscribe(new GovernedLlm(free, governor().permits(call -> null).build()).execute(ask().build()));
        assertThat(free.begun).hasValue(1);
        assertThat(limiter.snapshot(KEY).requests()).isZero();
    }

    @Test
    void aRequestsBudgetGoesBeforeThatOfTheGovernor() {
        Budget own = budget(111);
        LlmRequest request = ask().budget(own).build();
        GovernedLlm llm = governed(answersAfter(Duration.ofSeconds(1)));
        subscribe(llm.execute(request));
        pass(Duration.ofSeconds(1));
        assertThat(own.snapshot().spent().tokens()).isEqualTo(29);
        assertThat(spent()).isZero();
        subscribe(llm.execute(request));
        assertThat(error)
                .isInstanceOfSatisfying(
                        BudgetExceededException.class,
                        refused -> assertThat(refused.asked()).isEqualTo(110));
    }

    // ---- who is asked instead ----

    @Test
    void anotherProviderAnswersUnderItsOwnNameAndLimits() {
        PlayedLlm down = new PlayedLlm("p", n -> Flux.error(failure(FailureClass.OVERLOADED)));
        PlayedLlm other = new PlayedLlm("q", n -> Flux.just(says("hi"), uses(USED)));
        GovernedLlm llm = governed(down).fallback(other, "small");
        subscribe(llm.outcome(ask().build()));
        pass(Duration.ofSeconds(30));
        assertThat(told).singleElement().isInstanceOfSatisfying(Outcome.FellBack.class, outcome -> {
            assertThat(outcome.fallback()).isEqualTo("q/small");
            assertThat(((LlmResponse) outcome.answer()).text()).isEqualTo("hi");
        });
        assertThat(down.begun).hasValue(3);
        assertThat(other.models).containsOnlyKeys("small");
        assertThat(limiter.snapshot(ModelKey.of("q", "small")).tokens()).isEqualTo(29);
        assertThat(llm).hasToString("GovernedLlm[" + down + ", fallbacks=1]");
        assertThatIllegalArgumentException().isThrownBy(() -> llm.fallback(other, " "));
    }

    @Test
    void aStreamFallsBackBeforeItsFirstPieceOnly() {
        PlayedLlm down = new PlayedLlm(
                "p",
                n -> n == 1
                        ? Flux.error(failure(FailureClass.QUOTA))
                        : Flux.just(says("ha")).concatWith(Mono.error(failure(FailureClass.QUOTA))));
        PlayedLlm other = new PlayedLlm("q", n -> Flux.just(says("hi"), uses(USED)));
        GovernedLlm llm = governed(down).fallback(other);
        subscribe(llm.stream(ask().build()));
        assertThat(over).isTrue();
        assertThat(other.models).containsOnlyKeys("m");
        over = false;
        subscribe(llm.stream(ask().build()));
        assertThat(error).isInstanceOf(ProviderFailure.class);
        assertThat(other.begun).hasValue(1);
        assertThat(over).isFalse();
    }

    @Test
    void aWrongRequestIsAskedOfNobodyElse() {
        PlayedLlm refusing = new PlayedLlm("p", n -> Flux.error(failure(FailureClass.CALLER)));
        PlayedLlm other = answersAfter(Duration.ZERO);
        subscribe(governed(refusing).fallback(other, "small").execute(ask().build()));
        assertThat(error).isInstanceOf(ProviderFailure.class);
        assertThat(refusing.begun).hasValue(1);
        assertThat(other.begun).hasValue(0);
        assertThat(spent()).isZero();
    }
}
