package io.sluice.bench.waiters;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Waits for the next refill of a bucket of Bucket4j. */
final class QueuedBucket4j implements Queued {

    private final ScheduledThreadPoolExecutor waiting = new ScheduledThreadPoolExecutor(2);
    private final Bucket bucket = Bucket.builder()
            .addLimit(Bandwidth.builder()
                    .capacity(MillionWaiters.MANY)
                    .refillIntervally(MillionWaiters.MANY, MillionWaiters.PERIOD)
                    .build())
            .build();

    QueuedBucket4j() {
        if (!bucket.tryConsume(MillionWaiters.MANY)) {
            throw new IllegalStateException("the first period must be free");
        }
    }

    @Override
    public String name() {
        return "Bucket4j asScheduler, as a Mono";
    }

    @Override
    public Publisher<?> call() {
        return Mono.fromFuture(() -> bucket.asScheduler().consume(1, waiting));
    }

    /** The next refill comes by itself. */
    @Override
    public void open() {}

    @Override
    public long free() {
        return bucket.getAvailableTokens();
    }

    @Override
    public @Nullable Long waiting() {
        return (long) waiting.getQueue().size();
    }

    @Override
    public void close() {
        waiting.shutdownNow();
    }
}
