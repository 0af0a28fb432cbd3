package io.sluice.retry;

import io.sluice.retry.RetryReport.Reason;
import io.sluice.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/** The attempts of one subscriber. Touched by one signal at a time. */
final class RetryCount {

    private final ProviderRetry retry;
    private final RetryRules rules;
    private final long startedAt;
    private int attempt = 1;
    private Duration delay = Duration.ZERO;
    private long waited;

    /**
     * @param startedAt when the first attempt began
     */
    RetryCount(ProviderRetry retry, RetryRules rules, long startedAt) {
        this.retry = retry;
        this.rules = rules;
        this.startedAt = startedAt;
    }

    /**
     * The pause before the next attempt; null where there is none, which the error then tells.
     *
     * @param answered whether an attempt has told an element
     */
    @Nullable
    Pause after(Throwable error, boolean answered, Pause.Sleeper sleeper) {
        if (Exceptions.isFatal(error)) {
            // What ends the virtual machine stays as it is.
            return null;
        }
        long now = retry.time.nanos();
        RetryRules.Verdict verdict;
        try {
            verdict = rules.after(
                    retry.read(error), attempt, Duration.ofNanos(Math.max(0, now - startedAt)), answered, retry.random);
        } catch (RuntimeException thrown) {
            throw Exceptions.addSuppressed(thrown, error);
        }
        Duration chosen = verdict.delay();
        Reason reason = verdict.reason();
        if (chosen != null) {
            delay = chosen;
            return new Pause(retry.time, retry.handOver, TimeSource.after(now, chosen), sleeper);
        }
        if (reason != null) {
            end(error, reason);
        }
        return null;
    }

    /** The pause is over, and the next attempt begins. */
    void next() {
        attempt++;
        waited = TimeSource.after(waited, delay);
    }

    /** Tells with the error why it is the last. */
    void end(Throwable error, Reason reason) {
        if (attempt > 1 || reason != Reason.NOT_RETRYABLE) {
            ReportCarrier.attach(error, new RetryReport(attempt, Duration.ofNanos(waited), reason));
        }
    }
}
