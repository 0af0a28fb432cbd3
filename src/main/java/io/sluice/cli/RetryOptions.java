package io.sluice.cli;

import io.sluice.batch.Batch;
import io.sluice.failure.FailureClassifier;
import io.sluice.retry.ProviderRetry;
import picocli.CommandLine.Option;

/** How often a prompt is sent. */
final class RetryOptions {

    /** Believes a provider that says to wait for hours: waiting is what a batch is for. */
    static final FailureClassifier PATIENT = FailureClassifier.standard().maxWait(Batch.PATIENCE);

    /** More only wait; the waits between them have reached their longest long before. */
    private static final int MOST = 1_000;

    @Option(
            names = "--max-attempts",
            paramLabel = "N",
            converter = WholeNumber.class,
            description = "Requests for one prompt at most (default: " + Batch.DEFAULT_ATTEMPTS
                    + "). Repeated are rate limits (429), overload (503, 529), server errors and timeouts (408, 409,"
                    + " 500, 502, 504), broken connections and unknown failures; never used-up quota, prompts that"
                    + " are too large, and requests that are wrong. 1 repeats nothing.")
    private Long attempts = (long) Batch.DEFAULT_ATTEMPTS;

    /**
     * @throws IllegalArgumentException if the number is out of its range
     */
    ProviderRetry retry() {
        if (attempts < 1 || attempts > MOST) {
            throw new IllegalArgumentException("--max-attempts must be between 1 and 1,000, was " + attempts);
        }
        return ProviderRetry.attempts(attempts.intValue()).total(Batch.PATIENCE).classifier(PATIENT);
    }
}
