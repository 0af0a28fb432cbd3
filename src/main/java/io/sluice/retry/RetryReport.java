package io.sluice.retry;

import java.io.Serializable;
import java.time.Duration;
import java.util.Objects;

/**
 * How it came that a failure was not followed by another attempt. Serializable with the error that it is about.
 *
 * @param attempts how many were made; at least 1
 * @param waited how long was waited between them, the attempts themselves not counted; not negative
 * @param reason why there was no further one
 */
public record RetryReport(int attempts, Duration waited, Reason reason) implements Serializable {

    /** Why there is no further attempt. */
    public enum Reason {
        /** As many attempts were made as are allowed. */
        EXHAUSTED,
        /** Another attempt cannot help. */
        NOT_RETRYABLE,
        /** Another attempt does not fit the budget that pays for the call; then the refusal is the error. */
        REFUSED,
        /** The call may have been carried out, and must not be twice. */
        NOT_IDEMPOTENT,
        /** Elements have been told already, and would be told again. */
        AFTER_FIRST_ELEMENT,
        /** The provider asks for a longer wait than is believed. */
        HINT_TOO_LONG,
        /** The wait for another attempt does not end before the total deadline. */
        NO_TIME_LEFT,
        /** The scheduler that would have timed the wait takes no more work. */
        SHUT_DOWN
    }

    /** Checks the parts. */
    public RetryReport {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, was " + attempts);
        }
        if (waited.isNegative()) {
            throw new IllegalArgumentException("waited must not be negative, was " + waited);
        }
        Objects.requireNonNull(reason, "reason");
    }
}
