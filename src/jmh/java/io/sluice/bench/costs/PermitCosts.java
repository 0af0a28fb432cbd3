package io.sluice.bench.costs;

import dev.failsafe.RateLimiter;
import io.github.bucket4j.Bucket;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.reactor.bulkhead.operator.BulkheadOperator;
import io.github.resilience4j.reactor.ratelimiter.operator.RateLimiterOperator;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/** The way to a permit and back, all threads on one key. */
@State(Scope.Benchmark)
public abstract class PermitCosts {

    private ModelRateLimiter limiter;
    private Bucket requests;
    private Bucket tokens;
    private ScheduledExecutorService waiting;
    private InstrumentedPool<String> pool;
    private io.github.resilience4j.ratelimiter.RateLimiter resilienceLimiter;
    private Bulkhead bulkhead;
    private RateLimiter<Object> failsafe;

    @Setup
    public void build() {
        limiter = Unlimited.limiter();
        requests = Unlimited.bucket();
        tokens = Unlimited.bucket();
        waiting = Executors.newScheduledThreadPool(2);
        pool = PoolBuilder.from(Mono.just("resource"))
                .sizeBetween(0, Unlimited.CONCURRENCY)
                .buildPool();
        resilienceLimiter = Unlimited.rateLimiter();
        bulkhead = Unlimited.bulkhead();
        failsafe = RateLimiter.burstyBuilder(Unlimited.A_SECOND, Duration.ofSeconds(1))
                .build();
    }

    @TearDown
    public void close() {
        limiter.dispose();
        waiting.shutdownNow();
        pool.disposeLater().block(Duration.ofSeconds(10));
    }

    /** Whoever takes something, for each thread. */
    @State(Scope.Thread)
    public static class Takers {

        final Told<Permit> settling = new Told<>() {
            @Override
            void got(Permit permit) {
                permit.succeeded(Unlimited.USED);
            }
        };
        final Told<Void> released = new Told<>();
        final Told<PooledRef<String>> pooled = new Told<>();
        final Told<Object> any = new Told<>();
    }

    /** Requests, tokens and a slot are taken together; what was used is settled, and the slot given back. */
    @Benchmark
    public Object sluiceAcquire(Takers takers) {
        return takers.settling.to(limiter.acquire(Unlimited.REQUEST));
    }

    @Benchmark
    public Object sluiceWithPermit(Takers takers) {
        return takers.any.to(limiter.withPermit(Unlimited.REQUEST, permit -> Mono.just("answer")));
    }

    /** Requests and tokens, one after the other; there is no slot to give back. */
    @Benchmark
    public Object bucket4jTwoBuckets(Takers takers) {
        return takers.any.to(taken(requests, 1).then(taken(tokens, Unlimited.TOKENS)));
    }

    private Mono<Void> taken(Bucket bucket, long amount) {
        return Mono.fromFuture(() -> bucket.asScheduler().consume(amount, waiting));
    }

    /** A slot alone. */
    @Benchmark
    public Object reactorPool(Takers takers) {
        PooledRef<String> taken = takers.pooled.to(pool.acquire());
        takers.released.to(taken.release());
        return taken;
    }

    /** Requests alone. */
    @Benchmark
    public Object resilience4jRateLimiter(Takers takers) {
        return takers.any.to(Mono.just("answer").transformDeferred(RateLimiterOperator.of(resilienceLimiter)));
    }

    /** A slot alone. */
    @Benchmark
    public Object resilience4jBulkhead(Takers takers) {
        return takers.any.to(Mono.just("answer").transformDeferred(BulkheadOperator.of(bulkhead)));
    }

    /** Requests and tokens and a slot. */
    @Benchmark
    public Object resilience4jLimitersAndBulkhead(Takers takers) {
        Function<Mono<Object>, org.reactivestreams.Publisher<Object>> tokensToo =
                RateLimiterOperator.of(resilienceLimiter, Unlimited.TOKENS)::apply;
        return takers.any.to(Mono.<Object>just("answer")
                .transformDeferred(BulkheadOperator.of(bulkhead))
                .transformDeferred(tokensToo)
                .transformDeferred(RateLimiterOperator.of(resilienceLimiter)));
    }

    /** Requests alone, as a plain question without a place in a queue: Failsafe has nothing for Reactor. */
    @Benchmark
    public boolean failsafeTryAcquire() {
        return failsafe.tryAcquirePermit();
    }
}
