package io.sluice.governor;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.breaker.CircuitOpenException;
import io.sluice.budget.BudgetExceededException;
import io.sluice.call.Call;
import io.sluice.call.CallEnding;
import io.sluice.deadline.DeadlineExceededException;
import io.sluice.debounce.DebouncedException;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.FailureReading;
import io.sluice.failure.WaitHint;
import io.sluice.ratelimit.AcquireTimeoutException;
import io.sluice.ratelimit.QueueFullException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sorts the ends of calls into outcomes. */
final class Outcomes {

    private Outcomes() {}

    static <T> Outcome<T> answered(Call<?> call, @Nullable T answer, Progress progress) {
        String fallback = progress.fallback();
        Throwable replaced = progress.replaced();
        return fallback == null || replaced == null
                ? new Outcome.Completed<>(call.name(), answer, progress.attempts())
                : new Outcome.FellBack<>(call.name(), answer, fallback, replaced);
    }

    static <T> Outcome<T> failed(Call<?> call, Throwable failure, FailureClassifier classifier) {
        String name = call.name();
        if (failure instanceof DebouncedException debounced) {
            return new Outcome.Debounced<>(name, debounced.limit(), orZero(debounced.retryAfter()));
        }
        if (failure instanceof CircuitOpenException open) {
            return new Outcome.CircuitOpen<>(name, open.consecutiveFailures(), open.timeLeft());
        }
        if (failure instanceof CallDeclinedException declined) {
            return new Outcome.Declined<>(name, declined.reason());
        }
        if (failure instanceof BudgetExceededException exceeded) {
            return new Outcome.BudgetExceeded<>(name, exceeded.path(), exceeded);
        }
        if (failure instanceof DeadlineExceededException late) {
            return new Outcome.TimedOut<>(name, late.bound(), late.limit());
        }
        if (failure instanceof AcquireTimeoutException || failure instanceof QueueFullException) {
            return new Outcome.RateLimited<>(name, ((SluiceException) failure).retryAfter(), failure);
        }
        FailureReading reading = classifier.read(failure, null);
        if (reading.failureClass() == FailureClass.RATE_LIMIT) {
            WaitHint hint = reading.hint();
            return new Outcome.RateLimited<>(name, hint == null ? null : hint.delay(), failure);
        }
        return new Outcome.Failed<>(name, reading.failureClass(), failure);
    }

    /** How a call ended that failed. */
    static CallEnding ending(Throwable failure, FailureClassifier classifier) {
        if (failure instanceof DebouncedException) {
            return CallEnding.DEBOUNCED;
        }
        if (failure instanceof CircuitOpenException) {
            return CallEnding.CIRCUIT_OPEN;
        }
        if (failure instanceof CallDeclinedException) {
            return CallEnding.DECLINED;
        }
        if (failure instanceof BudgetExceededException) {
            return CallEnding.BUDGET_EXCEEDED;
        }
        if (failure instanceof DeadlineExceededException) {
            return CallEnding.TIMED_OUT;
        }
        boolean limited = failure instanceof AcquireTimeoutException
                || failure instanceof QueueFullException
                || classifier.read(failure, null).failureClass() == FailureClass.RATE_LIMIT;
        return limited ? CallEnding.RATE_LIMITED : CallEnding.FAILED;
    }

    private static Duration orZero(@Nullable Duration time) {
        return time == null ? Duration.ZERO : time;
    }
}
