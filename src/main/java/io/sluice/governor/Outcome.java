package io.sluice.governor;

import io.sluice.FailureClass;
import io.sluice.deadline.Bound;
import io.sluice.debounce.DebounceLimit;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a governed call ended, as a value: what an agent reads instead of an error. {@link #toJson} leaves out the answer, which
 * belongs to the caller, and tells errors without what looks like a key.
 */
public sealed interface Outcome<T> {

    /** The name of the call. */
    String call();

    /** The answer, also that of a fallback; null where there is none. */
    default @Nullable T answer() {
        return null;
    }

    /** One JSON object, on one line; its {@code status} says which outcome it is. */
    default String toJson() {
        return OutcomeJson.of(this);
    }

    /**
     * The call was answered.
     *
     * @param answer null where it ended without one
     * @param attempts how many attempts it took; 0 where it shared the answer of another call
     */
    record Completed<T>(String call, @Nullable T answer, int attempts) implements Outcome<T> {}

    /**
     * A fallback answered instead.
     *
     * @param answer null where it ended without one
     * @param fallback the name of the fallback
     * @param failure why the call itself has no answer
     */
    record FellBack<T>(String call, @Nullable T answer, String fallback, Throwable failure) implements Outcome<T> {}

    /**
     * It was made too recently or too often; not made.
     *
     * @param limit what it was denied for
     * @param retryAfter how long until it may be made, as things stand
     */
    record Debounced<T>(String call, DebounceLimit limit, Duration retryAfter) implements Outcome<T> {}

    /**
     * What it calls is broken.
     *
     * @param consecutiveFailures how many calls failed one after the other
     * @param retryAfter how long until another may be tried; zero where nobody knows
     */
    record CircuitOpen<T>(String call, int consecutiveFailures, Duration retryAfter) implements Outcome<T> {}

    /**
     * Whoever had to approve it declined; not made.
     *
     * @param reason why
     */
    record Declined<T>(String call, String reason) implements Outcome<T> {}

    /**
     * It does not fit a budget.
     *
     * @param budget the path of that budget
     * @param failure says how much was asked for and how much was free
     */
    record BudgetExceeded<T>(String call, String budget, Throwable failure) implements Outcome<T> {}

    /**
     * The provider's rate limit, or no permit in time.
     *
     * @param retryAfter how long to wait; null where nobody knows
     * @param failure who refused it, and why
     */
    record RateLimited<T>(String call, @Nullable Duration retryAfter, Throwable failure) implements Outcome<T> {}

    /**
     * Its time was over.
     *
     * @param bound which time
     * @param limit how much was allowed
     */
    record TimedOut<T>(String call, Bound bound, Duration limit) implements Outcome<T> {}

    /**
     * It failed in another way.
     *
     * @param failureClass what that means
     */
    record Failed<T>(String call, FailureClass failureClass, Throwable failure) implements Outcome<T> {}
}
