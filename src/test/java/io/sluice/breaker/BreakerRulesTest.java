package io.sluice.breaker;

import static io.sluice.breaker.CircuitState.CLOSED;
import static io.sluice.breaker.CircuitState.DISABLED;
import static io.sluice.breaker.CircuitState.FORCED_OPEN;
import static io.sluice.breaker.CircuitState.HALF_OPEN;
import static io.sluice.breaker.CircuitState.METRICS_ONLY;
import static io.sluice.breaker.CircuitState.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state machine by itself: what happened, when, and what state follows. */
class BreakerRulesTest {

    private static final long SECOND = 1_000_000_000L;

    private static BreakerRules rules(UnaryOperator<CircuitBreakerConfig.Builder> change) {
        return new BreakerRules(change.apply(CircuitBreakerConfig.builder()).build());
    }

    private static BreakerState in(BreakerRules rules, CircuitState state) {
        BreakerState initial = rules.initial();
        return switch (state) {
            case CLOSED -> initial;
            case OPEN -> {
                BreakerState open = initial;
                for (int i = 0; i < 3; i++) {
                    open = rules.failed(open, open.generation(), false, BreakerRules.NO_HINT, 0);
                }
                yield open;
            }
            case HALF_OPEN -> admitted(rules, in(rules, OPEN), 300 * SECOND);
            case FORCED_OPEN, DISABLED, METRICS_ONLY -> rules.switched(initial, state);
        };
    }

    /** With the seed's settings; half-open has its one probe out. Times in seconds. */
    @ParameterizedTest
    @CsvSource({
        "CLOSED,      admit,   0,   CLOSED,       same",
        "CLOSED,      success, 0,   CLOSED,       same",
        "CLOSED,      failure, 0,   CLOSED,       same",
        "CLOSED,      cancel,  0,   CLOSED,       same",
        "OPEN,        admit,   0,   refused,      -",
        "OPEN,        admit,   299, refused,      -",
        "OPEN,        admit,   300, HALF_OPEN,    next",
        "OPEN,        admit,   900, HALF_OPEN,    next",
        "OPEN,        success, 100, OPEN,         same",
        "OPEN,        failure, 290, OPEN,         same",
        "OPEN,        cancel,  290, OPEN,         same",
        "HALF_OPEN,   admit,   300, refused,      -",
        "HALF_OPEN,   admit,   899, refused,      -",
        "HALF_OPEN,   success, 301, CLOSED,       next",
        "HALF_OPEN,   failure, 301, OPEN,         next",
        "HALF_OPEN,   cancel,  301, HALF_OPEN,    same",
        "FORCED_OPEN, admit,   900, refused,      -",
        "FORCED_OPEN, success, 900, FORCED_OPEN,  same",
        "FORCED_OPEN, failure, 900, FORCED_OPEN,  same",
        "DISABLED,    admit,   0,   DISABLED,     same",
        "DISABLED,    failure, 0,   DISABLED,     same",
        "METRICS_ONLY,admit,   0,   METRICS_ONLY, same",
        "METRICS_ONLY,failure, 0,   METRICS_ONLY, same",
    })
    void theTableOfTransitions(CircuitState from, String event, long at, String to, String generation) {
        BreakerRules rules = rules(config -> config);
        BreakerState before = in(rules, from);
        long now = at * SECOND;
        BreakerState after = switch (event) {
            case "admit" -> rules.admit(before, now);
            case "success" -> rules.succeeded(before, before.generation(), false, now);
            case "failure" -> rules.failed(before, before.generation(), false, BreakerRules.NO_HINT, now);
            default -> rules.withoutResult(before, before.generation());
        };
        assertThat(after == null ? "refused" : after.state().name()).isEqualTo(to);
        if (after != null) {
            assertThat(after.generation() - before.generation()).isEqualTo(generation.equals("next") ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"CLOSED", "OPEN", "HALF_OPEN", "FORCED_OPEN", "DISABLED", "METRICS_ONLY"})
    void resultsOfAnotherGenerationChangeNothing(CircuitState state) {
        BreakerRules rules = rules(config -> config.failureRate(0.5).minimumCalls(1));
        BreakerState before = in(rules, state);
        for (long generation : new long[] {before.generation() - 1, before.generation() + 1}) {
            assertThat(rules.succeeded(before, generation, true, 0)).isSameAs(before);
            assertThat(rules.failed(before, generation, true, 1, 0)).isSameAs(before);
            assertThat(rules.withoutResult(before, generation)).isSameAs(before);
        }
    }

    @Test
    void theThirdFailureInARowOpensItAndASuccessBetweenBeginsAnew() {
        BreakerRules rules = rules(config -> config);
        BreakerState state = rules.initial();
        for (String result : "ffsffs".split("")) {
            state = result.equals("f")
                    ? rules.failed(state, 0, false, BreakerRules.NO_HINT, 0)
                    : rules.succeeded(state, 0, false, 0);
            assertThat(state.state()).isEqualTo(CLOSED);
        }
        for (int i = 1; i <= 3; i++) {
            state = rules.failed(state, 0, false, BreakerRules.NO_HINT, 7);
            assertThat(state.consecutive()).isEqualTo(i);
        }
        assertThat(state.state()).isEqualTo(OPEN);
        assertThat(state.reason()).isEqualTo(OpenReason.CONSECUTIVE_FAILURES);
        assertThat(state.until()).isEqualTo(7 + 300 * SECOND);
    }

    /** Results in order: f failed, s succeeded, S succeeded slowly, F failed slowly. */
    @ParameterizedTest
    @CsvSource({
        "ssssffff,    CLOSED",
        "sssssfffff,  FAILURE_RATE",
        "fffffsssss,  FAILURE_RATE",
        "ssssssffff,  CLOSED",
        "ssssssSSSS,  CLOSED",
        "sssSSSSSSS,  SLOW_RATE",
        "sssssSSFFF,  CLOSED",
        "ssssSSSFFF,  CLOSED",
        "sssSSSSSSF,  SLOW_RATE",
        "sssssssssssssssfffff, FAILURE_RATE",
    })
    void sharesCountOnceTheWindowHoldsEnoughCalls(String results, String reason) {
        BreakerRules rules = rules(config -> config.consecutiveFailures(null)
                .failureRate(0.5)
                .slowRate(0.7, Duration.ofSeconds(10))
                .countWindow(10)
                .minimumCalls(10));
        BreakerState state = rules.initial();
        for (int i = 0; i < results.length(); i++) {
            char result = results.charAt(i);
            assertThat(state.state()).isEqualTo(CLOSED);
            boolean slow = Character.isUpperCase(result);
            state = Character.toLowerCase(result) == 'f'
                    ? rules.failed(state, 0, slow, BreakerRules.NO_HINT, 0)
                    : rules.succeeded(state, 0, slow, 0);
        }
        assertThat(String.valueOf(state.reason() == null ? state.state() : state.reason())
                        .toUpperCase(Locale.ROOT))
                .isEqualTo(reason);
    }

    @Test
    void twoThirdsOfFailuresOpenItAlthoughNoThreeComeInARow() {
        BreakerRules rules = rules(config -> config.failureRate(0.6).minimumCalls(30));
        BreakerState state = rules.initial();
        int calls = 0;
        while (state.state() == CLOSED) {
            state = calls++ % 3 == 0
                    ? rules.succeeded(state, 0, false, calls)
                    : rules.failed(state, 0, false, BreakerRules.NO_HINT, calls);
        }
        assertThat(calls).isEqualTo(30);
    }

    @Test
    void exactlyAsManyProbesGoAsAreConfiguredAndAllMustSucceed() {
        BreakerRules rules = rules(config -> config.probes(3));
        BreakerState state = in(rules, HALF_OPEN);
        state = admitted(rules, state, 300 * SECOND);
        state = admitted(rules, state, 300 * SECOND);
        assertThat(rules.admit(state, 300 * SECOND)).isNull();
        state = rules.succeeded(state, state.generation(), false, 301 * SECOND);
        assertThat(rules.admit(state, 301 * SECOND)).isNull();
        state = rules.withoutResult(state, state.generation());
        state = admitted(rules, state, 300 * SECOND);
        assertThat(rules.admit(state, 301 * SECOND)).isNull();
        state = rules.succeeded(state, state.generation(), false, 301 * SECOND);
        assertThat(state.state()).isEqualTo(HALF_OPEN);
        state = rules.succeeded(state, state.generation(), false, 301 * SECOND);
        assertThat(state.state()).isEqualTo(CLOSED);
        assertThat(state.consecutive()).isZero();
    }

    private static BreakerState admitted(BreakerRules rules, BreakerState state, long now) {
        return Objects.requireNonNull(rules.admit(state, now), "refused");
    }

    @Test
    void aSlowProbeIsAFailedOneWhereSlowCallsCount() {
        BreakerRules rules = rules(config -> config.slowRate(0.5, Duration.ofSeconds(1)));
        BreakerState state = in(rules, HALF_OPEN);
        assertThat(rules.succeeded(state, state.generation(), true, 301 * SECOND)
                        .reason())
                .isEqualTo(OpenReason.PROBE_FAILED);
    }

    @Test
    void probesWithoutAResultAreOverdueAndItOpensAsOfThen() {
        BreakerRules rules = rules(config -> config.halfOpenFor(Duration.ofSeconds(60)));
        BreakerState state = in(rules, HALF_OPEN);
        assertThat(rules.due(state, 360 * SECOND - 1)).isSameAs(state);
        BreakerState open = rules.due(state, 1_000 * SECOND);
        assertThat(open.state()).isEqualTo(OPEN);
        assertThat(open.reason()).isEqualTo(OpenReason.PROBE_OVERDUE);
        assertThat(open.until()).isEqualTo(660 * SECOND);
        assertThat(BreakerRules.seen(open, 660 * SECOND - 1)).isEqualTo(OPEN);
        assertThat(BreakerRules.seen(open, 660 * SECOND)).isEqualTo(HALF_OPEN);
    }

    @Test
    void theOpenTimeGrowsWithEachFailedProbeAndStartsAnewOnceClosed() {
        BreakerRules rules = rules(config -> config.openFor(Duration.ofSeconds(10))
                .growth(2, Duration.ofSeconds(60))
                .consecutiveFailures(1));
        BreakerState state = rules.failed(rules.initial(), 0, false, BreakerRules.NO_HINT, 0);
        long now = 0;
        for (long expected : new long[] {10, 20, 40, 60, 60}) {
            assertThat(state.until() - now).isEqualTo(expected * SECOND);
            now = state.until();
            state = admitted(rules, state, now);
            state = rules.failed(state, state.generation(), false, BreakerRules.NO_HINT, now);
        }
        now = state.until();
        state = admitted(rules, state, now);
        state = rules.succeeded(state, state.generation(), false, now);
        state = rules.failed(state, state.generation(), false, BreakerRules.NO_HINT, now);
        assertThat(state.until() - now).isEqualTo(10 * SECOND);
    }

    @ParameterizedTest
    @CsvSource({"true, 20, 20", "true, 100000, 3600", "true, 0, 300", "true, -1, 300", "false, 20, 300"})
    void aHintSetsTheOpenTimeOnlyWhereItIsFollowed(boolean follow, long hint, long expected) {
        BreakerRules rules = rules(config -> config.followHints(follow).consecutiveFailures(1));
        long nanos = hint < 0 ? BreakerRules.NO_HINT : hint * SECOND;
        assertThat(rules.failed(rules.initial(), 0, false, nanos, 0).until()).isEqualTo(expected * SECOND);
    }

    @Test
    void anEndlessOpenTimeNeverEnds() {
        BreakerRules rules = rules(
                config -> config.openFor(Duration.ofSeconds(Long.MAX_VALUE)).consecutiveFailures(1));
        BreakerState state = rules.failed(rules.initial(), 0, false, BreakerRules.NO_HINT, 5);
        assertThat(rules.admit(state, Long.MAX_VALUE - 1)).isNull();
    }
}
