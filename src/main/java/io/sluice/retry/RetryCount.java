package io.sluice.retry;

import io.sluice.retry.RetryReport.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The attempts of one subscriber. Touched by one signal at a time. */
final class RetryCount {

    private final ProviderRetry retry;
    private final RetryRules rules;
    private final long startedAt;
    private int attempt = 1;
    private long waited;

    RetryCount(ProviderRetry retry, RetryRules rules) {
        this(retry, rules, retry.time.nanos());
    }

    /**
     * @param startedAt when the first attempt began
     */
    RetryCount(ProviderRetry retry, RetryRules rules, long startedAt) {
        this.retry = retry;
        this.rules = rules;
        this.startedAt = startedAt;
    }

    /** The number of the present attempt, from 1. */
    int attempt() {
        return attempt;
    }

    /** How long to wait before the next attempt; null where there is none, which the error then tells. */
    @Nullable
    Duration after(Throwable error) {
        Duration elapsed = Duration.ofNanos(Math.max(0, retry.time.nanos() - startedAt));
        RetryRules.Verdict verdict = rules.after(retry.read(error), attempt, elapsed, retry.random());
        Duration delay = verdict.delay();
        Reason reason = verdict.reason();
        if (delay != null) {
            attempt++;
            waited += delay.toNanos();
        } else if (reason != null) {
            end(error, reason);
        }
        return delay;
    }

    /** Tells with the error why it is the last. */
    void end(Throwable error, Reason reason) {
        if (attempt > 1 || reason != Reason.NOT_RETRYABLE) {
            ReportCarrier.attach(error, new RetryReport(attempt, Duration.ofNanos(waited), reason));
        }
    }
}
