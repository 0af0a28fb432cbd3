package io.sluice.matrix;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.ratelimit.RateLimitSnapshot;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Calls under a permit, one at a time. */
final class Limited implements Subject {

    static final PermitRequest REQUEST = PermitRequest.of(ModelKey.of("p", "m"), TokenEstimate.of(10, 10));

    private final ModelRateLimiter limiter;
    private final UnaryOperator<Flux<String>> operator;

    private Limited(@Nullable Scheduler scheduler, Function<ModelRateLimiter, UnaryOperator<Flux<String>>> operator) {
        this.limiter = limiter(scheduler);
        this.operator = operator.apply(limiter);
    }

    static ModelRateLimiter limiter(@Nullable Scheduler scheduler) {
        RateLimitProfile profile = RateLimitProfile.builder(REQUEST.key())
                .rpm(1_000)
                .tpm(100_000)
                .concurrency(1)
                .build();
        ModelRateLimiter.Builder builder =
                ModelRateLimiter.builder().profiles(RateLimitProfiles.none().with(profile));
        return (scheduler == null ? builder : builder.scheduler(scheduler)).build();
    }

    static Subject withPermit(@Nullable Scheduler scheduler) {
        return new Limited(
                scheduler,
                limiter -> source ->
                        limiter.withPermit(REQUEST, permit -> source.next()).flux());
    }

    static Subject withPermitMany(@Nullable Scheduler scheduler) {
        return new Limited(scheduler, limiter -> source -> limiter.withPermitMany(REQUEST, permit -> source));
    }

    static Subject acquire(@Nullable Scheduler scheduler) {
        return new Limited(
                scheduler,
                limiter -> source -> Mono.usingWhen(
                                limiter.acquire(REQUEST),
                                permit -> source.next(),
                                permit -> Mono.fromRunnable(permit::release))
                        .flux());
    }

    @Override
    public Flux<String> around(Flux<String> source) {
        return operator.apply(source);
    }

    @Override
    public boolean canWait() {
        return true;
    }

    @Override
    public Runnable occupy() {
        return occupy(limiter);
    }

    static Runnable occupy(ModelRateLimiter limiter) {
        Permit permit = Objects.requireNonNull(limiter.acquire(REQUEST).block());
        return permit::release;
    }

    @Override
    public String held() {
        return heldOf(limiter);
    }

    static String heldOf(ModelRateLimiter limiter) {
        RateLimitSnapshot snapshot = limiter.snapshot(REQUEST.key());
        return snapshot.pending() == 0 && snapshot.inFlight() == 0
                ? ""
                : snapshot.pending() + " wait, " + snapshot.inFlight() + " in flight";
    }
}
