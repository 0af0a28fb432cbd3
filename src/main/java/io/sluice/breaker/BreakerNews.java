package io.sluice.breaker;

import io.sluice.support.EventHub;
import io.sluice.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Makes the events of breakers, if anybody listens. */
final class BreakerNews {

    private final TimeSource time;
    private final EventHub<CircuitBreakerEvent> hub;

    BreakerNews(TimeSource time) {
        this.time = time;
        this.hub = new EventHub<>(time::scheduler);
    }

    Flux<CircuitBreakerEvent> events() {
        return hub.events();
    }

    /** Tells the one step that led from one state to the next. */
    void moved(String name, BreakerState before, BreakerState after, long now, @Nullable Throwable error) {
        if (!hub.isHeard()) {
            return;
        }
        if (before.generation() != after.generation()) {
            transition(name, before, after, now, error);
        } else if (after.reason() != null && before.reason() == null) {
            OpenReason reason = after.reason();
            hub.note(n -> new CircuitBreakerEvent.WouldOpen(n, time.instant(), name, reason, after.consecutive()));
        }
        hub.tell();
    }

    private void transition(String name, BreakerState before, BreakerState after, long now, @Nullable Throwable error) {
        long generation = after.generation();
        OpenReason reason = after.reason();
        if (after.state() == CircuitState.OPEN && reason != null) {
            Duration openFor = Duration.ofNanos(Math.max(0, after.until() - now));
            hub.note(n -> new CircuitBreakerEvent.Opened(
                    n, time.instant(), name, generation, reason, after.consecutive(), openFor, error));
        } else if (after.state() == CircuitState.HALF_OPEN) {
            hub.note(n -> new CircuitBreakerEvent.HalfOpened(n, time.instant(), name, generation));
        } else if (after.state() == CircuitState.CLOSED && before.state() == CircuitState.HALF_OPEN) {
            hub.note(n -> new CircuitBreakerEvent.Closed(n, time.instant(), name, generation));
        }
    }

    void switched(String name, BreakerState before, BreakerState after) {
        if (hub.isHeard()) {
            hub.note(n -> new CircuitBreakerEvent.Switched(
                    n, time.instant(), name, after.generation(), before.state(), after.state()));
            hub.tell();
        }
    }

    void failed(String name, BreakerState after, Throwable error) {
        if (hub.isHeard()) {
            int failures = after.consecutive();
            hub.note(n -> new CircuitBreakerEvent.Failed(n, time.instant(), name, failures, error));
            hub.tell();
        }
    }

    void rejected(String name, CircuitOpenException reason) {
        if (hub.isHeard()) {
            hub.note(n -> new CircuitBreakerEvent.Rejected(n, time.instant(), name, reason));
            hub.tell();
        }
    }
}
