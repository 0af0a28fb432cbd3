package io.sluice.llm;

import static io.sluice.llm.PlayedLlm.says;
import static io.sluice.llm.PlayedLlm.uses;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetExceededException;
import io.sluice.budget.BudgetLimits;
import io.sluice.call.Sluice;
import io.sluice.deadline.DeadlineExceededException;
import io.sluice.governor.Governor;
import io.sluice.model.TokenUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What the plan of llm-connect asked of its adapters: T06 to T09 and T11, as an agent sees it. */
class GatherTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);

    private static LlmRequest ask(long maxOutput) {
        return LlmRequest.builder("m").user("").maxOutput(maxOutput).build();
    }

    private PlayedLlm adapter(int i, TokenUsage usage) {
        return new PlayedLlm(
                "p" + i,
                n -> Flux.just(says("answer " + i), uses(usage)).delaySubscription(Duration.ofSeconds(1), clock));
    }

    private List<PlayedLlm> adapters(int count, TokenUsage usage) {
        return IntStream.range(0, count).mapToObj(i -> adapter(i, usage)).toList();
    }

    private Governor governor(Budget budget) {
        return Governor.builder().scheduler(clock).budget(budget).build();
    }

    private Budget budget(long tokens) {
        return Budget.root("run").tokens(tokens).scheduler(clock).build();
    }

    private static Flux<String> gather(List<PlayedLlm> adapters, Governor governor, LlmRequest request) {
        return Flux.fromIterable(adapters)
                .flatMapSequential(adapter -> new GovernedLlm(adapter, governor)
                        .execute(request)
                        .map(LlmResponse::text)
                        .onErrorResume(BudgetExceededException.class, refused -> Mono.just("refused")));
    }

    /** T07: an adapter needs nothing but a blocking method. */
    @Test
    void aBlockingClientIsGovernedAsAnyOther() {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        LlmAdapter blocking = BlockingLlm.adapter("legacy", request -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cancelled) {
                interrupted.set(true);
                throw cancelled;
            } finally {
                ended.countDown();
            }
            return null;
        });
        Budget budget = Budget.root("run").tokens(1_000).build();
        LlmRequest hasty = LlmRequest.builder("m")
                .user("")
                .maxOutput(50)
                .deadline(Duration.ofMillis(200))
                .build();
        StepVerifier.create(new GovernedLlm(
                                blocking, Governor.builder().budget(budget).build())
                        .execute(hasty))
                .expectError(DeadlineExceededException.class)
                .verify(LONG);
        StepVerifier.create(Mono.fromCallable(() -> ended.await(30, TimeUnit.SECONDS))
                        .subscribeOn(Schedulers.boundedElastic()))
                .expectNext(true)
                .expectComplete()
                .verify(LONG);
        assertThat(interrupted).isTrue();
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(58);
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    /** T08, T11: one waits as long as the slowest, not as long as all together, and needs no thread for it. */
    @Test
    void aHundredAdaptersAnswerInTheTimeOfOne() {
        List<PlayedLlm> adapters = adapters(100, TokenUsage.of(8, 2));
        List<String> answers = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        Disposable unused = gather(adapters, governor(budget(1_000_000)), ask(50))
                .subscribe(answers::add, error -> {}, () -> over.set(true));
        assertThat(adapters).allSatisfy(adapter -> assertThat(adapter.open).hasValue(1));
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(over).isTrue();
        assertThat(answers).hasSize(100).startsWith("answer 0", "answer 1").endsWith("answer 99");
    }

    /** T11: the deadline of the whole reaches every call, and what was sent is paid for. */
    @Test
    void aTimeoutAroundAllEndsAllAndNothingGoesOn() {
        Budget budget = budget(1_000_000);
        List<PlayedLlm> adapters = adapters(4, TokenUsage.of(8, 2));
        List<Throwable> errors = new ArrayList<>();
        Disposable unused = gather(adapters, governor(budget), ask(50))
                .collectList()
                .timeout(Duration.ofMillis(500), clock)
                .subscribe(answers -> {}, errors::add);
        clock.advanceTimeBy(Duration.ofMillis(500));
        assertThat(errors).hasSize(1);
        assertThat(adapters).allSatisfy(adapter -> {
            assertThat(adapter.cancelled).hasValue(1);
            assertThat(adapter.open).hasValue(0);
        });
        assertThat(budget.snapshot().openReservations()).isZero();
        long spent = budget.snapshot().spent().tokens();
        assertThat(spent).isEqualTo(4 * (8 + 50));
        clock.advanceTimeBy(Duration.ofHours(1));
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(spent);
    }

    /** T11 and D-LC-01: what fits is called, what does not is refused before it is sent; the cap is one. */
    @Test
    void callsAtOnceNeverSpendMoreThanThereIs() {
        Budget budget = budget(120);
        List<PlayedLlm> adapters = adapters(4, TokenUsage.of(8, 42));
        List<String> answers = new ArrayList<>();
        Disposable unused = gather(adapters, governor(budget), ask(42)).subscribe(answers::add);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(answers).containsExactly("answer 0", "answer 1", "refused", "refused");
        assertThat(adapters.get(2).begun).hasValue(0);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(100);
    }

    /** T06 and D-LC-02: one budget along a chain of three adapters, each of which calls the next. */
    @Test
    void aBudgetIsSharedAlongAChainOfAgents() {
        Budget run = budget(175);
        Budget researcher = run.child("researcher", BudgetLimits.none().tokens(175));
        PlayedLlm a = adapter(0, TokenUsage.of(8, 42));
        PlayedLlm b = adapter(1, TokenUsage.of(8, 42));
        PlayedLlm c = adapter(2, TokenUsage.of(8, 42));
        // The governor has no budget of its own: it travels in the Context, through code that knows nothing of it.
        Governor governor = Governor.builder().scheduler(clock).build();
        Mono<String> last = new GovernedLlm(c, governor).execute(ask(42)).map(LlmResponse::text);
        Mono<String> second =
                new GovernedLlm(b, governor).execute(ask(42)).then(last).contextWrite(Sluice.budget(researcher));
        Mono<String> first = new GovernedLlm(a, governor).execute(ask(42)).then(second);
        List<Object> told = new ArrayList<>();
        Disposable unusedOnce = first.contextWrite(Sluice.budget(run)).subscribe(told::add, told::add);
        clock.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(told).containsExactly("answer 2");
        assertThat(run.snapshot().spent().tokens()).isEqualTo(150);
        assertThat(researcher.snapshot().spent().tokens()).isEqualTo(100);

        Disposable unusedAgain = first.contextWrite(Sluice.budget(run)).subscribe(told::add, told::add);
        assertThat(told).last().isInstanceOfSatisfying(BudgetExceededException.class, refused -> {
            assertThat(refused.free()).isEqualTo(25);
            assertThat(refused.path()).isEqualTo("run");
        });
        assertThat(a.begun).hasValue(1);
    }

    /** D-LC-05: what a failed call used is spent. */
    @Test
    void callsThatFailInTheMiddleAreNotFree() {
        Budget budget = budget(1_000);
        PlayedLlm breaking = new PlayedLlm(
                "p", n -> Flux.just(says("x".repeat(40))).concatWith(Mono.error(new IOException("reset"))));
        Disposable unused =
                new GovernedLlm(breaking, governor(budget)).stream(ask(100)).subscribe(piece -> {}, error -> {});
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(8 + 10);
    }
}
