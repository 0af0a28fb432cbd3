package io.sluice.governor;

import static io.sluice.governor.GovernedWorld.CALL;
import static io.sluice.governor.GovernedWorld.KEY;
import static io.sluice.governor.GovernedWorld.USED;
import static io.sluice.governor.GovernedWorld.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.breaker.CircuitBreaker;
import io.sluice.budget.Charge;
import io.sluice.deadline.Deadline;
import io.sluice.failure.ProviderFailure;
import io.sluice.governor.GovernedWorld.Told;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.retry.ProviderRetry;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Every order of the parts that is documented, as a table. A script says how each attempt ends; the columns are the attempts
 * made, the permits charged, the failures in a row that the breaker has recorded at the end, and the tokens and calls that the
 * budget was charged. A call is estimated at 100 tokens and uses 60.
 */
class DocumentedOrdersTest {

    private final GovernedWorld world = new GovernedWorld();
    private final Duration attempt = Duration.ofSeconds(10);
    private final Deadline deadline =
            Deadline.attempt(attempt).total(Duration.ofMinutes(1)).scheduler(world.clock);
    private final ProviderRetry retry =
            ProviderRetry.attempts(3).scheduler(world.clock).random(() -> 0);

    /** What becomes of an attempt; after the script is over, what became of the last. */
    private Mono<String> attempt(String script, int n) {
        String[] steps = script.split(" ");
        String step = steps[Math.min(n, steps.length) - 1];
        return switch (step) {
            case "answer" -> Mono.just("answer");
            case "hang" -> Mono.never();
            default -> Mono.error(failure(FailureClass.valueOf(step.toUpperCase(Locale.ROOT))));
        };
    }

    private void prepare(String situation) {
        CircuitBreaker breaker = world.breakers.get(CALL.name());
        for (int i = 0; situation.equals("broken") && i < 3; i++) {
            breaker.tryAcquire().failed(failure(FailureClass.TRANSIENT));
        }
        if (situation.equals("poor")) {
            world.budget.tryReserve(Charge.tokens(TokenEstimate.of(950, 0))).succeeded(TokenUsage.of(950, 0));
        }
    }

    private void counts(
            Mono<String> call, String end, int attempts, long permits, int failures, long tokens, long calls) {
        long before = world.spent();
        long callsBefore = world.budget.snapshot().spent().calls();
        Told told = world.subscribe(call);
        world.pass(Duration.ofSeconds(50));
        assertThat(end(told)).isEqualTo(end);
        assertThat(world.made).as("attempts").isEqualTo(attempts);
        assertThat(world.limiter.snapshot(KEY).requests()).as("permits").isEqualTo(permits);
        assertThat(world.failures()).as("failures recorded").isEqualTo(failures);
        assertThat(world.spent() - before).as("tokens charged").isEqualTo(tokens);
        assertThat(world.budget.snapshot().spent().calls() - callsBefore)
                .as("calls charged")
                .isEqualTo(calls);
        world.holdsNothing();
    }

    private static String end(Told told) {
        if (told.error == null) {
            return told.completed ? told.values.toString() : "nothing";
        }
        return told.error instanceof ProviderFailure || !(told.error instanceof SluiceException)
                ? "its error"
                : told.error.getClass().getSimpleName().replace("Exception", "");
    }

    /** Budget around all attempts, breaker asked before the queue and after it; retry around the attempts. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "well,   answer,                    [answer],         1, 1, 0, 60,  1",
        "well,   transient answer,          [answer],         2, 2, 0, 160, 2",
        "well,   overloaded answer,         [answer],         2, 2, 0, 160, 2",
        "well,   unknown answer,            [answer],         2, 2, 0, 160, 2",
        "well,   transient transient answer,[answer],         3, 3, 0, 260, 3",
        "well,   transient,                 its error,        3, 3, 3, 300, 3",
        "well,   hang answer,               [answer],         2, 2, 0, 160, 2",
        "well,   hang,                      DeadlineExceeded, 3, 3, 3, 300, 3",
        "well,   rate_limit answer,         [answer],         2, 2, 0, 60,  1",
        "well,   transient rate_limit answer,[answer],        3, 3, 0, 160, 2",
        "well,   quota,                     its error,        1, 1, 0, 0,   0",
        "well,   too_large,                 its error,        1, 1, 0, 0,   0",
        "well,   caller,                    its error,        1, 1, 0, 0,   0",
        "well,   programming,               its error,        1, 1, 0, 100, 1",
        "broken, answer,                    CircuitOpen,      0, 0, 3, 0,   0",
        "poor,   answer,                    BudgetExceeded,   0, 0, 0, 0,   0",
    })
    void aroundAGovernedCall(
            String situation,
            String script,
            String end,
            int attempts,
            long permits,
            int failures,
            long tokens,
            long calls) {
        prepare(situation);
        Governor governor = world.all().build();
        counts(world.govern(governor, n -> attempt(script, n)), end, attempts, permits, failures, tokens, calls);
    }

    /** The same for a stream: before its first element it is repeated as often. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "well,   answer,                    [answer],         1, 1, 0, 60,  1",
        "well,   transient answer,          [answer],         2, 2, 0, 160, 2",
        "well,   transient,                 its error,        3, 3, 3, 300, 3",
        "well,   hang answer,               [answer],         2, 2, 0, 160, 2",
        "well,   rate_limit answer,         [answer],         2, 2, 0, 60,  1",
        "well,   caller,                    its error,        1, 1, 0, 0,   0",
        "broken, answer,                    CircuitOpen,      0, 0, 3, 0,   0",
        "poor,   answer,                    BudgetExceeded,   0, 0, 0, 0,   0",
    })
    void aroundAGovernedStream(
            String situation,
            String script,
            String end,
            int attempts,
            long permits,
            int failures,
            long tokens,
            long calls) {
        prepare(situation);
        Governor governor = world.all().build();
        counts(
                world.stream(governor, n -> Flux.from(attempt(script, n))).last(),
                end,
                attempts,
                permits,
                failures,
                tokens,
                calls);
    }

    /** As the README puts it together by hand: within the retry a budget for each attempt, a permit, and then the breaker. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "well,   answer,                    [answer],         1, 1, 0, 60,  1",
        "well,   transient answer,          [answer],         2, 2, 0, 160, 2",
        "well,   transient,                 its error,        3, 3, 3, 300, 3",
        "well,   hang answer,               [answer],         2, 2, 0, 160, 2",
        "well,   hang,                      DeadlineExceeded, 3, 3, 3, 300, 3",
        "well,   rate_limit answer,         [answer],         2, 2, 0, 60,  1",
        "well,   caller,                    its error,        1, 1, 0, 0,   0",
        "broken, answer,                    CircuitOpen,      0, 1, 3, 0,   0",
        "poor,   answer,                    BudgetExceeded,   0, 0, 0, 0,   0",
    })
    void aroundACallByHand(
            String situation,
            String script,
            String end,
            int attempts,
            long permits,
            int failures,
            long tokens,
            long calls) {
        prepare(situation);
        CircuitBreaker breaker = world.breakers.get(CALL.name());
        Mono<String> call = Mono.defer(() -> attempt(script, ++world.made));
        counts(
                world.limiter
                        .withPermit(
                                PermitRequest.of(KEY, CALL.estimate()),
                                permit -> call.transform(deadline::protectAttempt)
                                        .transform(breaker::protect)
                                        .doOnNext(said -> permit.succeeded(USED)))
                        .transform(world.budget.charge(Charge.of(KEY, CALL.estimate()), answer -> USED))
                        .transform(retry::protect)
                        .transform(deadline::protectTotal),
                end,
                attempts,
                permits,
                failures,
                tokens,
                calls);
    }

    /** With the breaker outside of the retry only the last failure is recorded, and the total stands outside of both. */
    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "well,   answer,                    [answer],         1, 1, 0, 60,  1",
        "well,   transient answer,          [answer],         2, 2, 0, 160, 2",
        "well,   transient,                 its error,        3, 3, 1, 300, 3",
        "broken, answer,                    CircuitOpen,      0, 0, 3, 0,   0",
    })
    void aBreakerAroundTheRetry(
            String situation,
            String script,
            String end,
            int attempts,
            long permits,
            int failures,
            long tokens,
            long calls) {
        prepare(situation);
        CircuitBreaker breaker = world.breakers.get(CALL.name());
        Mono<String> call = Mono.defer(() -> attempt(script, ++world.made));
        counts(
                world.limiter
                        .withPermit(PermitRequest.of(KEY, CALL.estimate()), permit -> call)
                        .transform(world.budget.charge(Charge.of(KEY, CALL.estimate()), answer -> USED))
                        .transform(retry::protect)
                        .transform(breaker::protect)
                        .transform(deadline::protectTotal),
                end,
                attempts,
                permits,
                failures,
                tokens,
                calls);
    }
}
