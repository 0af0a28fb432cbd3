package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.KEY;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.deadline.Bound;
import io.sluice.debounce.Debouncer;
import io.sluice.governor.GovernedWorld.Told;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.PermitRequest;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class OutcomeTest {

    private final GovernedWorld world = new GovernedWorld();
    private final Governor governor = world.all().build();

    @SafeVarargs
    @SuppressWarnings("varargs")
    private Outcome<?> outcome(
            Governor by, Function<Attempt<String>, Mono<String>> made, Fallback<String>... fallbacks) {
        Told told = world.subscribe(by.outcome(CALL, made, fallbacks));
        world.pass(Duration.ofMinutes(6));
        assertThat(told.error).isNull();
        assertThat(told.values).hasSize(1);
        world.holdsNothing();
        return (Outcome<?>) told.values.get(0);
    }

    private static Function<Attempt<String>, Mono<String>> failing(FailureClass meaning) {
        return attempt -> Mono.error(failure(meaning));
    }

    @Test
    void anAnswerSaysHowManyAttemptsItTook() {
        Outcome<?> answered = outcome(
                governor,
                attempt -> attempt.number() == 1
                        ? Mono.error(failure(FailureClass.OVERLOADED))
                        : Mono.just("secret answer"));
        assertThat(answered).isEqualTo(new Outcome.Completed<>("p/m", "secret answer", 2));
        assertThat(answered.toJson()).isEqualTo("{\"status\":\"completed\",\"tool\":\"p/m\",\"attempts\":2}");
    }

    @Test
    void noAnswerIsAnAnswerToo() {
        assertThat(outcome(governor, attempt -> Mono.empty())).isEqualTo(new Outcome.Completed<>("p/m", null, 1));
    }

    @Test
    void aFallbackIsVisible() {
        Outcome<?> outcome = outcome(
                governor, failing(FailureClass.QUOTA), Fallback.of("stored", failure -> Mono.just("old answer")));
        assertThat(outcome).isInstanceOfSatisfying(Outcome.FellBack.class, fellBack -> {
            assertThat(fellBack.answer()).isEqualTo("old answer");
            assertThat(fellBack.fallback()).isEqualTo("stored");
            assertThat(fellBack.failure()).hasMessage("said by the provider");
        });
        assertThat(outcome.toJson())
                .isEqualTo("{\"status\":\"fell_back\",\"tool\":\"p/m\",\"fallback\":\"stored\","
                        + "\"error\":\"said by the provider\"}");
    }

    @Test
    void aDebouncedCallHasTheShapeOfTheOriginal() {
        Governor debounced = world.all()
                .debouncer(Debouncer.builder().scheduler(world.clock).build())
                .build();
        world.subscribe(world.govern(debounced, n -> Mono.just("answer")));
        world.pass(Duration.ofSeconds(1));
        Outcome<?> outcome = outcome(debounced, attempt -> Mono.just("answer"));
        assertThat(outcome.toJson())
                .isEqualTo("{\"status\":\"debounced\",\"tool\":\"p/m\",\"retry_in_seconds\":299.0}");
    }

    @Test
    void anOpenBreakerHasTheShapeOfTheOriginal() {
        for (int i = 0; i < 3; i++) {
            world.breakers.get("p/m").tryAcquire().failed(failure(FailureClass.TRANSIENT));
        }
        assertThat(outcome(governor, attempt -> Mono.just("answer")).toJson())
                .isEqualTo("{\"status\":\"circuit_open\",\"tool\":\"p/m\",\"consecutive_failures\":3}");
    }

    @Test
    void aDeclinedCallSaysWhy() {
        Governor careful = world.all()
                .approval(call -> Mono.just(Decision.declined("too risky")))
                .build();
        assertThat(outcome(careful, attempt -> Mono.just("answer")).toJson())
                .isEqualTo("{\"status\":\"declined\",\"tool\":\"p/m\",\"reason\":\"too risky\"}");
    }

    @Test
    void aCallOverBudgetNamesTheBudget() {
        Governor poor = world.all().budget(world.budget(50)).build();
        Outcome<?> outcome = outcome(poor, attempt -> Mono.just("answer"));
        assertThat(outcome).isInstanceOf(Outcome.BudgetExceeded.class);
        assertThat(outcome.toJson())
                .startsWith("{\"status\":\"budget_exceeded\",\"tool\":\"p/m\",\"budget\":\"run\",\"error\":");
    }

    @Test
    void aRateLimitIsOneWhoeverSetsIt() {
        Governor once = world.all()
                .permits(call -> PermitRequest.of(KEY, TokenEstimate.NONE).timeout(Duration.ZERO))
                .build();
        Told other = world.subscribe(world.limiter.withPermit(PermitRequest.of(KEY), permit -> Mono.never()));
        Told told = world.subscribe(once.outcome(CALL, attempt -> Mono.just("answer")));
        world.pass(Duration.ZERO);
        assertThat(told.values).hasSize(1).first().isInstanceOf(Outcome.RateLimited.class);
        other.cancel();
        assertThat(outcome(governor, failing(FailureClass.RATE_LIMIT))).isInstanceOf(Outcome.RateLimited.class);
    }

    @Test
    void aCallWhoseTimeIsOverSaysWhichTime() {
        Outcome<?> outcome = outcome(governor, attempt -> Mono.never());
        assertThat(outcome).isEqualTo(new Outcome.TimedOut<>("p/m", Bound.ATTEMPT, Duration.ofSeconds(10)));
        assertThat(outcome.toJson())
                .isEqualTo("{\"status\":\"timed_out\",\"tool\":\"p/m\",\"bound\":\"attempt\",\"limit_seconds\":10}");
    }

    @Test
    void anyOtherFailureSaysWhatItMeansAndNoSecrets() {
        Outcome<?> outcome = outcome(
                governor, attempt -> Mono.error(new IllegalArgumentException("bad key sk-abcdefghijklmnop0123456789")));
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        assertThat(outcome.toJson())
                .isEqualTo("{\"status\":\"failed\",\"tool\":\"p/m\",\"failure_class\":\"programming\","
                        + "\"error\":\"bad key [key]\"}");
    }
}
