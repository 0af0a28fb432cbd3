package io.sluice.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class CircuitBreakerRegistryTest {

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.builder()
            .scheduler(clock)
            .config(
                    "strict",
                    CircuitBreakerConfig.builder().consecutiveFailures(1).build())
            .build();

    private void fail(String name, int times) {
        for (int i = 0; i < times; i++) {
            StepVerifier.create(registry.protect(name, Mono.error(new IOException("reset"))))
                    .verifyError(IOException.class);
        }
    }

    @Test
    void oneThatIsBrokenDoesNotStopTheOthers() {
        fail("flaky", 3);
        StepVerifier.create(registry.protect("flaky", Mono.just(1))).verifyError(CircuitOpenException.class);
        StepVerifier.create(registry.protect("healthy", Flux.just(1, 2)))
                .expectNext(1, 2)
                .verifyComplete();
    }

    @Test
    void aNameHasOneBreakerWithItsOwnConfiguration() {
        assertThat(registry.get("a")).isSameAs(registry.get("a")).isNotSameAs(registry.get("b"));
        fail("strict", 1);
        assertThat(registry.get("strict").state()).isEqualTo(CircuitState.OPEN);
        assertThatIllegalArgumentException().isThrownBy(() -> registry.get(""));
    }

    @Test
    void aBreakerThatIsNotUsedIsForgotten() {
        for (int i = 0; i < 10_000; i++) {
            registry.get("tool-" + i);
        }
        CircuitBreaker used = registry.get("used");
        for (int minutes = 0; minutes < 180; minutes += 10) {
            clock.advanceTimeBy(Duration.ofMinutes(10));
            used.tryAcquire().succeeded();
        }
        assertThat(registry.snapshots())
                .extracting(CircuitBreakerSnapshot::name)
                .containsExactly("used");
        clock.advanceTimeBy(Duration.ofHours(2));
        assertThat(registry.snapshots()).isEmpty();
        assertThat(clock.getScheduledTaskCount()).isEqualTo(registryTimerRuns());
    }

    /** Once nothing is left to forget, nothing is scheduled any more. */
    private long registryTimerRuns() {
        long runs = clock.getScheduledTaskCount();
        clock.advanceTimeBy(Duration.ofDays(7));
        return runs;
    }

    @Test
    void oneThatIsOpenStillOrWasSwitchedIsNot() {
        CircuitBreakerRegistry slow = CircuitBreakerRegistry.builder()
                .scheduler(clock)
                .config(CircuitBreakerConfig.builder()
                        .consecutiveFailures(1)
                        .openFor(Duration.ofDays(1))
                        .build())
                .build();
        slow.get("open").tryAcquire().failed(new IOException("reset"));
        slow.get("forced").forceOpen();
        clock.advanceTimeBy(Duration.ofHours(23));
        assertThat(slow.snapshots()).hasSize(2);
        clock.advanceTimeBy(Duration.ofHours(3));
        assertThat(slow.snapshots()).extracting(CircuitBreakerSnapshot::name).containsExactly("forced");
    }

    @Test
    void eachTransitionIsToldOnceWithItsReason() {
        List<CircuitBreakerEvent> all = new ArrayList<>();
        List<CircuitBreakerEvent> own = new ArrayList<>();
        registry.events().subscribe(all::add);
        registry.get("a").events().subscribe(own::add);
        fail("b", 1);
        fail("a", 3);
        StepVerifier.create(registry.protect("a", Mono.just(1))).verifyError(CircuitOpenException.class);
        clock.advanceTimeBy(Duration.ofMinutes(5));
        fail("a", 1);
        clock.advanceTimeBy(Duration.ofMinutes(5));
        StepVerifier.create(registry.protect("a", Mono.just(1))).expectNext(1).verifyComplete();
        registry.get("a").metricsOnly();
        fail("a", 5);
        clock.advanceTime();
        assertThat(own)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "Failed",
                        "Failed",
                        "Failed",
                        "Opened",
                        "Rejected",
                        "HalfOpened",
                        "Failed",
                        "Opened",
                        "HalfOpened",
                        "Closed",
                        "Switched",
                        "Failed",
                        "Failed",
                        "Failed",
                        "WouldOpen",
                        "Failed",
                        "Failed");
        CircuitBreakerEvent.Opened opened = (CircuitBreakerEvent.Opened) own.get(3);
        assertThat(opened.reason()).isEqualTo(OpenReason.CONSECUTIVE_FAILURES);
        assertThat(opened.consecutiveFailures()).isEqualTo(3);
        assertThat(opened.openFor()).isEqualTo(Duration.ofMinutes(5));
        assertThat(opened.error()).hasMessage("reset");
        assertThat(((CircuitBreakerEvent.Opened) own.get(7)).consecutiveFailures())
                .isEqualTo(4);
        assertThat(all)
                .extracting(CircuitBreakerEvent::sequence)
                .startsWith(1L, 2L)
                .doesNotHaveDuplicates();
        assertThat(all.get(0).breaker()).isEqualTo("b");
        assertThat(all).hasSize(own.size() + 1);
    }
}
