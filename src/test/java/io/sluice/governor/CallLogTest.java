package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.KEY;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.budget.Budget;
import io.sluice.call.Call;
import io.sluice.call.CallEnding;
import io.sluice.call.CallListener;
import io.sluice.call.CallRecord;
import io.sluice.call.Risk;
import io.sluice.debounce.Debouncer;
import io.sluice.failure.ProviderFailure;
import io.sluice.governor.GovernedWorld.Told;
import io.sluice.model.Money;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.util.RaceTestUtils;

class CallLogTest {

    private final GovernedWorld world = new GovernedWorld();
    private final Governor governor = world.all().build();

    private CallRecord last(Governor by) {
        List<CallRecord> calls = by.callLog();
        assertThat(calls).isNotEmpty();
        return calls.get(calls.size() - 1);
    }

    private Governor with(UnaryOperator<Governor.Builder> change) {
        return change.apply(world.all()).build();
    }

    @Test
    void aRecordSaysWhoCalledWhatWhenForHowLongAndForHowMuch() {
        Budget priced = Budget.root("run")
                .tokens(1_000)
                .prices((model, usage) -> BigDecimal.valueOf(usage.inputOr(0) + usage.outputOr(0), 3))
                .scheduler(world.clock)
                .build();
        Governor paid = with(builder -> builder.budget(priced).instantSource(() -> Instant.EPOCH.plusSeconds(5)));
        Call<String> call = CALL.named("summary").risk(Risk.MEDIUM).requester("researcher");
        world.subscribe(paid.govern(
                call,
                attempt -> world.call(
                        attempt,
                        n -> n == 1
                                ? Mono.error(failure(FailureClass.OVERLOADED).withUsage(TokenUsage.of(10, 0)))
                                : Mono.just("answer").delayElement(Duration.ofSeconds(2), world.clock))));
        assertThat(paid.callLog()).as("a call that runs").isEmpty();
        world.pass(Duration.ofSeconds(5));
        assertThat(paid.callLog())
                .containsExactly(new CallRecord(
                        1,
                        "summary",
                        KEY,
                        Risk.MEDIUM,
                        "researcher",
                        "a text of 6 characters",
                        Instant.EPOCH.plusSeconds(5),
                        Duration.ofSeconds(3),
                        2,
                        CallEnding.COMPLETED,
                        null,
                        TokenUsage.of(50, 20),
                        Money.usd("0.07")));
        assertThat(priced.snapshot().spent().money()).isEqualTo(Money.usd("0.07"));
    }

    @Test
    void everyEndingIsWrittenDown() {
        world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        assertThat(last(governor).ending()).isEqualTo(CallEnding.COMPLETED);

        world.subscribe(governor.govern(
                CALL,
                attempt -> Mono.error(failure(FailureClass.QUOTA)),
                Fallback.of("stored", failure -> Mono.just("old"))));
        assertThat(last(governor).ending()).isEqualTo(CallEnding.FELL_BACK);
        assertThat(last(governor).reason()).isEqualTo("said by the provider");

        Governor debounced = with(builder ->
                builder.debouncer(Debouncer.builder().scheduler(world.clock).build()));
        world.subscribe(world.govern(debounced, n -> Mono.just("answer")));
        world.subscribe(world.govern(debounced, n -> Mono.just("answer")));
        assertThat(last(debounced).ending()).isEqualTo(CallEnding.DEBOUNCED);
        assertThat(last(debounced).attempts()).isZero();

        Governor declining = with(builder -> builder.approval(call -> Mono.just(Decision.declined("no"))));
        world.subscribe(world.govern(declining, n -> Mono.just("answer")));
        assertThat(last(declining).ending()).isEqualTo(CallEnding.DECLINED);

        world.subscribe(governor.govern(CALL.estimate(TokenEstimate.of(5_000, 0)), attempt -> Mono.just("answer")));
        assertThat(last(governor).ending()).isEqualTo(CallEnding.BUDGET_EXCEEDED);
        assertThat(last(governor).cost()).isNull();

        world.subscribe(world.govern(governor, n -> Mono.error(failure(FailureClass.RATE_LIMIT))));
        world.pass(Duration.ofMinutes(1));
        assertThat(last(governor).ending()).isEqualTo(CallEnding.RATE_LIMITED);
        assertThat(last(governor).attempts()).isEqualTo(3);

        world.subscribe(world.govern(governor, n -> Mono.error(failure(FailureClass.CALLER))));
        assertThat(last(governor).ending()).isEqualTo(CallEnding.FAILED);

        world.subscribe(world.govern(governor, n -> Mono.never()));
        world.pass(Duration.ofMinutes(2));
        assertThat(last(governor).ending()).isEqualTo(CallEnding.TIMED_OUT);

        world.subscribe(world.govern(governor, n -> Mono.just("answer")));
        assertThat(last(governor).ending()).isEqualTo(CallEnding.CIRCUIT_OPEN);

        world.pass(Duration.ofMinutes(10));
        world.subscribe(world.govern(governor, n -> Mono.never())).cancel();
        assertThat(last(governor).ending()).isEqualTo(CallEnding.CANCELLED);
        assertThat(last(governor).reason()).isNull();
        assertThat(governor.callLog())
                .extracting(CallRecord::id)
                .as("in the order of the calls, which were one after the other")
                .isSorted();
    }

    @Test
    void streamsAndOutcomesAreWrittenDownToo() {
        world.subscribe(world.stream(governor, n -> Flux.just("a", "b")));
        assertThat(last(governor).usage()).isEqualTo(GovernedWorld.USED);
        world.subscribe(governor.outcome(CALL, attempt -> Mono.error(failure(FailureClass.CALLER))));
        assertThat(governor.callLog())
                .extracting(CallRecord::ending)
                .containsExactly(CallEnding.COMPLETED, CallEnding.FAILED);
    }

    @Test
    void theLastCallsAreKeptAndAListOnceReadStaysAsItIs() {
        Governor few = with(builder -> builder.callLog(3));
        Mono<String> call = few.govern(CALL, attempt -> Mono.error(failure(FailureClass.CALLER)));
        for (int i = 0; i < 5; i++) {
            world.subscribe(call);
        }
        List<CallRecord> read = few.callLog();
        assertThat(read).extracting(CallRecord::id).containsExactly(3L, 4L, 5L);
        world.subscribe(call);
        assertThat(read).extracting(CallRecord::id).containsExactly(3L, 4L, 5L);
        assertThatThrownBy(read::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThat(few.callLog()).extracting(CallRecord::id).containsExactly(4L, 5L, 6L);
    }

    @Test
    void threadsLoseNoCallWithinTheBound() {
        int threads = 8;
        int each = 2_000;
        Governor bare = Governor.builder().callLog(threads * each).build();
        Mono<String> call = bare.govern(CALL, attempt -> Mono.just("answer"));
        Runnable[] callers = IntStream.range(0, threads)
                .mapToObj(i -> (Runnable) () -> IntStream.range(0, each).forEach(n -> call.subscribe()))
                .toArray(Runnable[]::new);
        RaceTestUtils.race(callers);
        assertThat(bare.callLog())
                .extracting(CallRecord::id)
                .doesNotHaveDuplicates()
                .hasSize(threads * each);
    }

    @Test
    void whoeverReadsWhileThreadsWriteSeesAsManyAsThereAreAndNoneTwice() {
        Governor bare = Governor.builder().callLog(64).build();
        Mono<String> call = bare.govern(CALL, attempt -> Mono.just("answer"));
        AtomicBoolean right = new AtomicBoolean(true);
        Runnable writes = () -> IntStream.range(0, 5_000).forEach(n -> call.subscribe());
        Runnable reads = () -> IntStream.range(0, 500).forEach(n -> {
            List<CallRecord> seen = bare.callLog();
            right.compareAndSet(
                    true,
                    seen.size() <= 64
                            && seen.stream().map(CallRecord::id).distinct().count() == seen.size());
        });
        RaceTestUtils.race(writes, writes, writes, reads);
        assertThat(right).isTrue();
        assertThat(bare.callLog()).hasSize(64);
    }

    @Test
    void aPromptIsNeverWrittenDownAndOfAToolsArgumentsNoSecret() {
        String prompt = "my secret plan";
        String key = "sk-abcdefghijklmnop0123456789";
        Call<Map<String, Object>> tool = Call.tool("deploy", Map.of("apiKey", key, "target", "staging"));
        world.subscribe(governor.govern(
                Call.of(KEY, prompt, TokenEstimate.of(1, 1)),
                attempt -> Mono.error(new ProviderFailure(400, null, "bad key " + key, FailureClass.CALLER, null))));
        Governor bare = Governor.builder().scheduler(world.clock).build();
        world.subscribe(bare.govern(tool, attempt -> Mono.just("done")));
        assertThat(governor.callLog().toString()).doesNotContain(prompt, key).contains("bad key [key]");
        assertThat(bare.callLog().toString()).doesNotContain(key).contains("target=staging", "apiKey=[secret]");
    }

    @Test
    void whatIsShownOfArgumentsCanBeSaidAndMayFail() {
        Governor own = with(builder -> builder.shownArguments(call -> call.name() + " hidden"));
        world.subscribe(world.govern(own, n -> Mono.just("answer")));
        assertThat(last(own).arguments()).isEqualTo("p/m hidden");
        Governor broken = with(builder -> builder.shownArguments(call -> {
            throw new IllegalStateException("a bug");
        }));
        Told told = world.subscribe(world.govern(broken, n -> Mono.just("answer")));
        assertThat(told.values).containsExactly("answer");
        assertThat(last(broken).arguments()).isEqualTo("unreadable");
    }

    @Test
    void aListenerHearsEachFailedAttemptAndEachEnd() {
        List<String> heard = new ArrayList<>();
        Governor told = with(builder -> builder.callLog(0).listener(new CallListener() {
            @Override
            public void attemptFailed(long id, Call<?> call, int attempt, Throwable failure) {
                heard.add(id + " " + call.name() + " " + attempt + " " + failure.getMessage());
            }

            @Override
            public void ended(CallRecord call) {
                heard.add(call.id() + " " + call.ending() + " after " + call.attempts());
            }
        }));
        Told answered = world.subscribe(world.govern(
                        told, n -> n == 1 ? Mono.error(failure(FailureClass.TRANSIENT)) : Mono.just("answer"))
                .doOnNext(answer -> heard.add(answer)));
        world.pass(Duration.ofSeconds(2));
        assertThat(answered.completed).isTrue();
        assertThat(heard).containsExactly("1 p/m 1 said by the provider", "1 COMPLETED after 2", "answer");
        assertThat(told.callLog()).isEmpty();
    }

    @Test
    void aListenerThatThrowsChangesNothingAboutTheCall() {
        Governor careless = with(builder -> builder.listener(new CallListener() {
            @Override
            public void ended(CallRecord call) {
                throw new IllegalStateException("a bug");
            }
        }));
        Told told = world.subscribe(world.govern(careless, n -> Mono.just("answer")));
        assertThat(told.values).containsExactly("answer");
        assertThat(told.completed).isTrue();
        world.hasCounted(1, 1, 0, 60);
    }

    @Test
    void aLogOfANegativeSizeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Governor.builder().callLog(-1))
                .withMessageContaining("-1");
    }
}
