package io.sluice.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.deadline.Deadline;
import io.sluice.deadline.DeadlineExceededException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A backend that never answers is broken, on whichever side of the breaker the deadline stands. */
class HangingBackendTest {

    private static final Duration TEN = Duration.ofSeconds(10);

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final CircuitBreaker breaker = CircuitBreaker.of("hanging", CircuitBreakerConfig.DEFAULT, clock);
    private final Deadline none = Deadline.none().scheduler(clock);

    private void opensAfterThree(UnaryOperator<Flux<String>> guarded) {
        List<Throwable> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.state()).isEqualTo(CircuitState.CLOSED);
            guarded.apply(Flux.never()).subscribe(value -> {}, told::add);
            clock.advanceTimeBy(TEN);
        }
        assertThat(told).hasSize(3).allMatch(DeadlineExceededException.class::isInstance);
        assertThat(breaker.state()).isEqualTo(CircuitState.OPEN);
    }

    @Test
    void aHangingBackendTripsTheBreakerThroughOurDeadline() {
        opensAfterThree(call -> breaker.protect(none.withAttempt(TEN).protect(call)));
    }

    @Test
    void soItDoesWhereTheDeadlineStandsOutside() {
        opensAfterThree(call -> none.withAttempt(TEN).protect(breaker.protect(call)));
    }

    @Test
    void soItDoesWhereOnlyTheTotalIsBounded() {
        opensAfterThree(call -> none.total(TEN).protectTotal(breaker.protect(call)));
    }

    @Test
    void soDoesAStreamWhoseFirstElementNeverComes() {
        opensAfterThree(call -> none.firstElement(TEN).protect(breaker.protect(call)));
    }

    @Test
    void soDoesAStreamThatFallsSilent() {
        opensAfterThree(call -> none.gap(TEN).protect(breaker.protect(Flux.concat(Mono.just("begun"), call))));
    }

    @Test
    void aHangingProbeOpensItAgain() {
        soDoesAStreamWhoseFirstElementNeverComes();
        clock.advanceTimeBy(Duration.ofMinutes(5));
        none.withAttempt(TEN).protect(breaker.protect(Mono.never())).subscribe(value -> {}, error -> {});
        assertThat(breaker.peek()).isNotNull();
        clock.advanceTimeBy(TEN);
        assertThat(breaker.snapshot().timeLeft()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aSubscriberThatCancelsInTimeTripsNothing() {
        for (int i = 0; i < 10; i++) {
            none.withAttempt(TEN)
                    .protect(breaker.protect(Mono.never()))
                    .subscribe()
                    .dispose();
        }
        assertThat(breaker.snapshot().consecutiveFailures()).isZero();
    }
}
