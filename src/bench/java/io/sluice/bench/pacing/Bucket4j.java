package io.sluice.bench.pacing;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Two buckets of Bucket4j that hold a whole limit and refill continuously. */
final class Bucket4j implements Strategy {

    @Override
    public String name() {
        return "Bucket4j, two buckets";
    }

    @Override
    public Mono<Void> run(Work work, Caller caller) {
        Bucket requests = bucket(Work.REQUESTS);
        Bucket tokens = bucket(Work.TOKENS);
        return Flux.using(
                        () -> Executors.newScheduledThreadPool(2),
                        waiting -> Flux.range(0, Work.CALLS)
                                .flatMap(
                                        number -> {
                                            long cost = work.costs().get(number);
                                            return taken(requests, 1, waiting)
                                                    .then(taken(tokens, cost, waiting))
                                                    .then(Mono.defer(() -> caller.call(number, cost)))
                                                    .retryWhen(Strategy.usualRetry());
                                        },
                                        Work.CALLS),
                        ScheduledExecutorService::shutdown)
                .then();
    }

    private static Mono<Void> taken(Bucket bucket, long tokens, ScheduledExecutorService waiting) {
        return Mono.fromFuture(() -> bucket.asScheduler().consume(tokens, waiting));
    }

    private static Bucket bucket(long limit) {
        return Bucket.builder()
                .addLimit(Bandwidth.builder()
                        .capacity(limit)
                        .refillGreedy(limit, Work.WINDOW)
                        .build())
                .build();
    }
}
