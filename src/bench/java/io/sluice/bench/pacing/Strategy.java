package io.sluice.bench.pacing;

import io.sluice.failure.FailureClassifier;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** A way to get all calls done. */
interface Strategy {

    /** What the table calls it. */
    String name();

    /** Completes when every call has been answered. */
    Mono<Void> run(Work work, Caller caller);

    /** What those do after a failure that say nothing about it themselves: the usual growing pauses. */
    static Retry usualRetry() {
        return Retry.backoff(Long.MAX_VALUE, Duration.ofMillis(50))
                .maxBackoff(Duration.ofSeconds(2))
                .filter(error -> FailureClassifier.classify(error).retryable());
    }
}
