package io.sluice.bench.costs;

import io.github.bucket4j.Bucket;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import reactor.core.publisher.Mono;

/** Two threads on one key, as reactive programs use it: each subscribes to many calls before it looks for answers. */
@State(Scope.Benchmark)
@Threads(2)
public class TwoThreadsAtOnce {

    private ModelRateLimiter limiter;
    private Bucket requests;
    private Bucket tokens;
    private ScheduledExecutorService waiting;

    @Setup
    public void build() {
        limiter = Unlimited.limiter();
        requests = Unlimited.bucket();
        tokens = Unlimited.bucket();
        waiting = Executors.newScheduledThreadPool(2);
    }

    @TearDown
    public void close() {
        limiter.dispose();
        waiting.shutdownNow();
    }

    /** The calls of a thread. */
    @State(Scope.Thread)
    public static class Calls {

        final Batch<Permit> settling = new Batch<>() {
            @Override
            public void onNext(Permit permit) {
                permit.succeeded(Unlimited.USED);
            }
        };
        final Batch<Object> any = new Batch<>();
    }

    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public void sluiceAcquire(Calls calls) {
        calls.settling.to(Mono.defer(() -> limiter.acquire(Unlimited.REQUEST)));
    }

    @Benchmark
    @OperationsPerInvocation(Batch.SIZE)
    public void bucket4jTwoBuckets(Calls calls) {
        calls.any.to(Mono.defer(() -> taken(requests, 1).then(taken(tokens, Unlimited.TOKENS))));
    }

    private Mono<Void> taken(Bucket bucket, long amount) {
        return Mono.fromFuture(() -> bucket.asScheduler().consume(amount, waiting));
    }
}
