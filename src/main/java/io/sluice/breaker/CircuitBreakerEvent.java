package io.sluice.breaker;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a breaker. Each transition is told once. Events of one breaker, or of all breakers of one registry, are
 * numbered one after the other while anybody listens; a subscriber that was too slow for some sees a gap.
 */
public sealed interface CircuitBreakerEvent {

    /** The number of the event, counted from 1. */
    long sequence();

    /** When it happened. */
    Instant at();

    /** The name of the breaker. */
    String breaker();

    /**
     * It opened, from closed or because a probe failed.
     *
     * @param generation the number of the new state; orders the transitions of one breaker
     * @param consecutiveFailures failures one after the other, failed probes included
     * @param openFor how long until the first probe may go
     * @param error the failure that opened it; null where a slow call or a missing result did
     */
    record Opened(
            long sequence,
            Instant at,
            String breaker,
            long generation,
            OpenReason reason,
            int consecutiveFailures,
            Duration openFor,
            @Nullable Throwable error)
            implements CircuitBreakerEvent {}

    /** The time was over, and the first probe goes. */
    record HalfOpened(long sequence, Instant at, String breaker, long generation) implements CircuitBreakerEvent {}

    /** Its probes succeeded. */
    record Closed(long sequence, Instant at, String breaker, long generation) implements CircuitBreakerEvent {}

    /** Somebody switched it by hand. */
    record Switched(long sequence, Instant at, String breaker, long generation, CircuitState before, CircuitState after)
            implements CircuitBreakerEvent {}

    /** It only counts, and would have opened. Told once until the sign is gone. */
    record WouldOpen(long sequence, Instant at, String breaker, OpenReason reason, int consecutiveFailures)
            implements CircuitBreakerEvent {}

    /** A call failed in a way that counts. */
    record Failed(long sequence, Instant at, String breaker, int consecutiveFailures, Throwable error)
            implements CircuitBreakerEvent {}

    /** A call was refused. */
    record Rejected(long sequence, Instant at, String breaker, CircuitOpenException reason)
            implements CircuitBreakerEvent {}
}
