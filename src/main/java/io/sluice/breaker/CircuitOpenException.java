package io.sluice.breaker;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call was refused because its breaker is open; it was not made. {@link #retryAfter()} is the time until a probe may go;
 * null where probes are out already and their results decide, and where the breaker was opened by hand.
 */
public final class CircuitOpenException extends SluiceException {

    private final String breaker;
    private final CircuitState state;
    private final int consecutiveFailures;

    CircuitOpenException(String breaker, CircuitState state, int consecutiveFailures, @Nullable Duration timeLeft) {
        super("", null, FailureClass.REJECTED, timeLeft, false);
        this.breaker = breaker;
        this.state = state;
        this.consecutiveFailures = consecutiveFailures;
    }

    /** Put together when it is read: an open breaker refuses many calls. */
    @Override
    public String getMessage() {
        String name = "Circuit breaker " + breaker;
        return switch (state) {
            case FORCED_OPEN -> name + " was opened by hand. Close it with reset().";
            case HALF_OPEN -> name + " is half-open and its probes are out. Try again when they have decided.";
            default ->
                name + " is open" + after() + ". Recovery in " + seconds() + " s; try again then, or use a fallback.";
        };
    }

    private String after() {
        return consecutiveFailures == 0 ? "" : " after " + consecutiveFailures + " failures";
    }

    /** Rounded up, so that whoever waits for so long does not come too early. */
    private long seconds() {
        long seconds = timeLeft().toSeconds();
        return timeLeft().equals(Duration.ofSeconds(seconds)) ? seconds : seconds + 1;
    }

    /** The name of the breaker. */
    public String breaker() {
        return breaker;
    }

    /** The state that refused the call: open, half-open or forced open. */
    public CircuitState state() {
        return state;
    }

    /** How many calls failed one after the other before it opened, and as probes since. */
    public int consecutiveFailures() {
        return consecutiveFailures;
    }

    /** The time until a probe may go; zero where nobody knows. Never negative. */
    public Duration timeLeft() {
        Duration left = retryAfter();
        return left == null ? Duration.ZERO : left;
    }
}
