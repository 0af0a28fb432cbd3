package io.sluice;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The root of all errors that this library signals. Its message tells a person what to do next; {@link #failureClass()}
 * and {@link #retryAfter()} tell a program.
 *
 * <p>Errors that are an expected answer (a limit, a time-out, a closed component) carry no stack trace.
 */
public abstract class SluiceException extends RuntimeException {

    private final FailureClass failureClass;
    private final @Nullable Duration retryAfter;

    /**
     * @param message what happened, with the values, and what to do
     * @param cause what led to it, or null
     * @param failureClass what it means for another attempt
     * @param retryAfter how long to wait before another attempt can succeed, where that is known; never negative
     * @param stackTrace whether the place in the code matters; false for expected answers
     */
    protected SluiceException(
            String message,
            @Nullable Throwable cause,
            FailureClass failureClass,
            @Nullable Duration retryAfter,
            boolean stackTrace) {
        super(message, cause, true, stackTrace);
        this.failureClass = Objects.requireNonNull(failureClass, "failureClass");
        if (retryAfter != null && retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter must not be negative, was " + retryAfter);
        }
        this.retryAfter = retryAfter;
    }

    /** What the failure means for another attempt. */
    public FailureClass failureClass() {
        return failureClass;
    }

    /** How long to wait before another attempt can succeed; null where nobody knows. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
