package io.sluice.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitBreakerConfigTest {

    private static Arguments refused(String message, UnaryOperator<CircuitBreakerConfig.Builder> change) {
        return arguments(message, change);
    }

    static Stream<Arguments> refusals() {
        Duration second = Duration.ofSeconds(1);
        return Stream.of(
                refused("consecutiveFailures must be at least 1, was 0", b -> b.consecutiveFailures(0)),
                refused("consecutiveFailures must be at least 1, was -1", b -> b.consecutiveFailures(-1)),
                refused("nothing opens this breaker", b -> b.consecutiveFailures(null)),
                refused("failureRate must be greater than 0 and at most 1, was 0.0", b -> b.failureRate(0.0)),
                refused("failureRate must be greater than 0 and at most 1, was NaN", b -> b.failureRate(Double.NaN)),
                refused("slowRate must be greater than 0 and at most 1, was 1.01", b -> b.slowRate(1.01, second)),
                refused("slowAfter must be greater than zero", b -> b.slowRate(0.5, Duration.ZERO)),
                refused("countWindow must be between 1 and 10000, was 0", b -> b.countWindow(0)),
                refused("countWindow must be between 1 and 10000, was 10001", b -> b.countWindow(10_001)),
                refused("timeWindow must be greater than zero", b -> b.timeWindow(second.negated())),
                refused("minimumCalls must be at least 1, was 0", b -> b.minimumCalls(0)),
                refused("it would never be reached", b -> b.failureRate(0.5).minimumCalls(101)),
                refused("openFor must be greater than zero", b -> b.openFor(Duration.ZERO)),
                refused("growth must be at least 1 and finite, was 0.5", b -> b.growth(0.5, second)),
                refused("growth must be at least 1 and finite, was NaN", b -> b.growth(Double.NaN, second)),
                refused("longestOpen must be greater than zero", b -> b.growth(2, Duration.ZERO)),
                refused("probes must be at least 1, was 0", b -> b.probes(0)),
                refused("halfOpenFor must be greater than zero", b -> b.halfOpenFor(Duration.ZERO)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aValueOutOfItsRangeIsRefusedByName(String message, UnaryOperator<CircuitBreakerConfig.Builder> change) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> change.apply(CircuitBreakerConfig.builder()).build())
                .withMessageContaining(message);
    }

    @Test
    void theDefaultsAreThoseOfTheEarlierSystem() {
        CircuitBreakerConfig config = CircuitBreakerConfig.DEFAULT;
        assertThat(config.consecutiveFailures()).isEqualTo(3);
        assertThat(config.openFor()).isEqualTo(Duration.ofMinutes(5));
        assertThat(config.probes()).isEqualTo(1);
        assertThat(config.failureRate()).isNull();
        assertThat(config.slowRate()).isNull();
    }

    @Test
    void aChangedCopyKeepsTheRest() {
        CircuitBreakerConfig config = CircuitBreakerConfig.builder()
                .consecutiveFailures(7)
                .failureRate(0.25)
                .slowRate(0.5, Duration.ofSeconds(9))
                .timeWindow(Duration.ofMinutes(3))
                .minimumCalls(4)
                .growth(1.5, Duration.ofHours(2))
                .followHints(true)
                .probes(2)
                .halfOpenFor(Duration.ofMinutes(1))
                .counts(error -> true)
                .build();
        assertThat(config.toBuilder().build()).isEqualTo(config);
    }

    @Test
    void aCountWindowTakesThePlaceOfATimeWindow() {
        CircuitBreakerConfig config = CircuitBreakerConfig.builder()
                .timeWindow(Duration.ofMinutes(1))
                .countWindow(50)
                .build();
        assertThat(config.timeWindow()).isNull();
        assertThat(config.countWindow()).isEqualTo(50);
    }
}
