package io.sluice.retry;

import io.sluice.FailureClass;
import io.sluice.failure.Backoff;
import io.sluice.failure.FailureReading;
import io.sluice.failure.WaitHint;
import io.sluice.retry.RetryReport.Reason;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a failure is followed by another attempt, and when. Plain arithmetic: nothing waits here.
 *
 * @param attempts how many attempts a call has at most
 * @param backoff how long to wait between them
 * @param total how long after the first attempt began the last one may begin
 * @param idempotent whether a call may be repeated that may have been carried out
 * @param afterFirstElement whether a call may begin anew that has told elements
 */
record RetryRules(int attempts, Backoff backoff, Duration total, boolean idempotent, boolean afterFirstElement) {

    /** Either a delay, or the reason why there is no further attempt. */
    record Verdict(@Nullable Duration delay, @Nullable Reason reason) {

        static Verdict stop(Reason reason) {
            return new Verdict(null, reason);
        }
    }

    /**
     * What follows a failure. Where several reasons speak against another attempt, one that no setting changes is told
     * before the others.
     *
     * @param failure what the failure means
     * @param attempt which attempt failed, from 1
     * @param elapsed how long ago the first attempt began
     * @param answered whether the call has told elements
     * @param random numbers in [0, 1); asked once where there is a wait, and not at all where there is none
     */
    Verdict after(FailureReading failure, int attempt, Duration elapsed, boolean answered, DoubleSupplier random) {
        FailureClass meaning = failure.failureClass();
        if (!meaning.retryable()) {
            return Verdict.stop(Reason.NOT_RETRYABLE);
        }
        if (answered && !afterFirstElement) {
            return Verdict.stop(Reason.AFTER_FIRST_ELEMENT);
        }
        // What has told an element was begun, whatever the failure says.
        boolean notCarriedOut = !answered
                && (meaning == FailureClass.RATE_LIMIT || meaning == FailureClass.OVERLOADED || failure.nothingSent());
        if (!idempotent && !notCarriedOut) {
            return Verdict.stop(Reason.NOT_IDEMPOTENT);
        }
        if (attempt >= attempts) {
            return Verdict.stop(Reason.EXHAUSTED);
        }
        WaitHint hint = failure.hint();
        if (hint != null && hint.exceedsCap()) {
            return Verdict.stop(Reason.HINT_TOO_LONG);
        }
        Duration delay = backoff.delay(attempt, random.getAsDouble(), hint == null ? null : hint.delay());
        if (elapsed.plus(delay).compareTo(total) >= 0) {
            return Verdict.stop(Reason.NO_TIME_LEFT);
        }
        return new Verdict(delay, null);
    }

    RetryRules idempotent(@Nullable Boolean said) {
        return said == null || said == idempotent
                ? this
                : new RetryRules(attempts, backoff, total, said, afterFirstElement);
    }

    RetryRules afterFirstElement(boolean repeat) {
        return repeat == afterFirstElement ? this : new RetryRules(attempts, backoff, total, idempotent, repeat);
    }
}
