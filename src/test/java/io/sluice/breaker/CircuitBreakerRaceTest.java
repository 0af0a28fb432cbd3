package io.sluice.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.ManualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.util.RaceTestUtils;

@Timeout(60)
class CircuitBreakerRaceTest {

    private final ManualClock clock = new ManualClock();

    private CircuitBreaker open(CircuitBreakerConfig config) {
        CircuitBreaker breaker = CircuitBreaker.of("raced", config, clock);
        for (int i = 0; i < 3; i++) {
            breaker.tryAcquire().failed(new IOException("reset"));
        }
        return breaker;
    }

    private static Runnable[] times(int times, Runnable action) {
        return IntStream.range(0, times).mapToObj(i -> action).toArray(Runnable[]::new);
    }

    @Test
    void tenConcurrentCallersAtHalfOpenRunOneProbe() {
        for (int round = 0; round < 1_000; round++) {
            CircuitBreaker breaker = open(CircuitBreakerConfig.DEFAULT);
            clock.advance(Duration.ofMinutes(5));
            AtomicInteger ran = new AtomicInteger();
            AtomicInteger refused = new AtomicInteger();
            Mono<String> call = breaker.protect(Mono.<String>never().doOnSubscribe(s -> ran.incrementAndGet()));
            RaceTestUtils.race(times(10, () -> call.subscribe(value -> {}, error -> refused.incrementAndGet())));
            assertThat(ran).hasValue(1);
            assertThat(refused).hasValue(9);
        }
    }

    @Test
    void asManyConcurrentProbesRunAsAreConfigured() {
        CircuitBreakerConfig config = CircuitBreakerConfig.builder().probes(3).build();
        for (int round = 0; round < 1_000; round++) {
            CircuitBreaker breaker = open(config);
            clock.advance(Duration.ofMinutes(5));
            AtomicInteger admitted = new AtomicInteger();
            RaceTestUtils.race(times(10, () -> {
                if (breaker.tryAcquire().isAdmitted()) {
                    admitted.incrementAndGet();
                }
            }));
            assertThat(admitted).hasValue(3);
        }
    }

    @Test
    void tenFailuresAtOnceOpenItOnce() {
        for (int round = 0; round < 500; round++) {
            CircuitBreaker breaker = CircuitBreaker.of("raced", CircuitBreakerConfig.DEFAULT, clock);
            List<CircuitBreakerEvent> events = new CopyOnWriteArrayList<>();
            Disposable listening = breaker.events().subscribe(events::add);
            List<Admission> calls =
                    IntStream.range(0, 10).mapToObj(i -> breaker.tryAcquire()).toList();
            RaceTestUtils.race(calls.stream()
                    .<Runnable>map(call -> () -> call.failed(new IOException("reset")))
                    .toArray(Runnable[]::new));
            clock.advance(Duration.ZERO);
            assertThat(events)
                    .filteredOn(CircuitBreakerEvent.Opened.class::isInstance)
                    .hasSize(1);
            assertThat(events)
                    .filteredOn(CircuitBreakerEvent.Failed.class::isInstance)
                    .hasSize(3);
            assertThat(breaker.snapshot().consecutiveFailures()).isEqualTo(3);
            listening.dispose();
        }
    }

    @Test
    void noResultIsLostWhenManyComeAtOnce() {
        CircuitBreakerConfig config = CircuitBreakerConfig.builder()
                .failureRate(1.0)
                .consecutiveFailures(null)
                .countWindow(1_000)
                .minimumCalls(1_000)
                .build();
        CircuitBreaker breaker = CircuitBreaker.of("raced", config, clock);
        RaceTestUtils.race(
                () -> IntStream.range(0, 300).forEach(i -> breaker.tryAcquire().succeeded()),
                () -> IntStream.range(0, 300).forEach(i -> breaker.tryAcquire().failed(new IOException("reset"))),
                () -> IntStream.range(0, 300).forEach(i -> breaker.tryAcquire().cancelled()));
        assertThat(breaker.snapshot().calls()).isEqualTo(600);
        assertThat(breaker.snapshot().failureRate()).isEqualTo(0.5);
    }

    @Test
    void whetherAProbeSucceedsOrIsCancelledItEndsOnce() {
        for (int round = 0; round < 3_000; round++) {
            CircuitBreaker breaker = open(CircuitBreakerConfig.DEFAULT);
            clock.advance(Duration.ofMinutes(5));
            Sinks.One<String> answer = Sinks.one();
            Disposable probe = breaker.protect(answer.asMono()).subscribe();
            RaceTestUtils.race(() -> answer.tryEmitValue("x"), probe::dispose);
            CircuitBreakerSnapshot after = breaker.snapshot();
            assertThat(after.probesOut()).isZero();
            assertThat(after.state()).isIn(CircuitState.CLOSED, CircuitState.HALF_OPEN);
            assertThat(breaker.tryAcquire().isAdmitted()).isTrue();
        }
    }

    @Test
    void whetherAProbeFailsOrIsCancelledItEndsOnce() {
        for (int round = 0; round < 3_000; round++) {
            CircuitBreaker breaker = open(CircuitBreakerConfig.DEFAULT);
            clock.advance(Duration.ofMinutes(5));
            Sinks.Many<String> stream = Sinks.many().unicast().onBackpressureBuffer();
            Disposable probe = Flux.from(breaker.protect(stream.asFlux()))
                    .onErrorComplete()
                    .subscribe();
            RaceTestUtils.race(() -> stream.tryEmitError(new IOException("reset")), probe::dispose);
            CircuitBreakerSnapshot after = breaker.snapshot();
            assertThat(after.probesOut()).isZero();
            if (after.state() == CircuitState.HALF_OPEN) {
                assertThat(breaker.tryAcquire().isAdmitted()).isTrue();
            } else {
                assertThat(after.state()).isEqualTo(CircuitState.OPEN);
            }
        }
    }

    @Test
    void aProbeThatIsGivenBackWhileOthersAskIsTakenByOneOfThem() {
        for (int round = 0; round < 2_000; round++) {
            CircuitBreaker breaker = open(CircuitBreakerConfig.DEFAULT);
            clock.advance(Duration.ofMinutes(5));
            Admission first = breaker.tryAcquire();
            AtomicInteger admitted = new AtomicInteger();
            Runnable ask = () -> {
                if (breaker.tryAcquire().isAdmitted()) {
                    admitted.incrementAndGet();
                }
            };
            RaceTestUtils.race(first::cancelled, ask, ask);
            assertThat(admitted.get()).isLessThanOrEqualTo(1);
            assertThat(breaker.snapshot().probesOut()).isEqualTo(admitted.get());
        }
    }
}
