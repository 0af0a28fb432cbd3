package io.sluice.breaker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a breaker stands at one moment. Taking a snapshot changes nothing.
 *
 * @param name the name of the breaker
 * @param state what the next call finds; half-open also when no probe has gone yet
 * @param consecutiveFailures failures one after the other
 * @param calls how many calls the window holds; 0 where no shares are taken
 * @param failureRate the share of them that failed
 * @param slowRate the share of them that was slow
 * @param probesOut how many probes have no result yet
 * @param timeLeft open: how long until the first probe may go; half-open: how long until the probes are overdue; else zero
 * @param reason why it is open, or would be if it did more than count; null otherwise
 */
public record CircuitBreakerSnapshot(
        String name,
        CircuitState state,
        int consecutiveFailures,
        int calls,
        double failureRate,
        double slowRate,
        int probesOut,
        Duration timeLeft,
        @Nullable OpenReason reason) {}
