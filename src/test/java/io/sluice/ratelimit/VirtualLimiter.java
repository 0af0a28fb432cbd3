package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A limiter of one model on virtual time, and callers that remember what they were told. */
final class VirtualLimiter {

    static final ModelKey KEY = ModelKey.of("p", "m");

    final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    final ModelRateLimiter limiter;

    VirtualLimiter(UnaryOperator<RateLimitProfile.Builder> profile) {
        this(profile, builder -> builder);
    }

    VirtualLimiter(UnaryOperator<RateLimitProfile.Builder> profile, UnaryOperator<ModelRateLimiter.Builder> settings) {
        RateLimitProfile built = profile.apply(
                        RateLimitProfile.builder("p", "m").utilizationTarget(1))
                .build();
        this.limiter = settings.apply(ModelRateLimiter.builder()
                        .profiles(RateLimitProfiles.none().with(built))
                        .scheduler(clock)
                        .random(() -> 0))
                .build();
    }

    static PermitRequest tokens(long tokens) {
        return PermitRequest.of(KEY, TokenEstimate.of(tokens, 0));
    }

    Caller ask(long tokens) {
        return ask(tokens(tokens));
    }

    Caller ask(PermitRequest request) {
        Caller caller = new Caller();
        limiter.acquire(request).subscribe(caller);
        return caller;
    }

    List<Caller> ask(int times, long tokens) {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            callers.add(ask(tokens));
        }
        return callers;
    }

    void pass(Duration time) {
        clock.advanceTimeBy(time);
    }

    void passSeconds(double seconds) {
        pass(Duration.ofNanos((long) (seconds * 1e9)));
    }

    RateLimitSnapshot snapshot() {
        return limiter.snapshot(KEY);
    }

    /** Somebody who asked for a permit. */
    static final class Caller extends BaseSubscriber<Permit> {
        private Permit permit;
        private Throwable error;

        @Override
        protected void hookOnNext(Permit value) {
            permit = value;
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            error = throwable;
        }

        boolean hasPermit() {
            return permit != null;
        }

        Permit permit() {
            if (permit == null) {
                throw new AssertionError("no permit, error " + error);
            }
            return permit;
        }

        Throwable error() {
            return error;
        }
    }

    /** A call that never ends. */
    static <T> Mono<T> never() {
        return Mono.never();
    }
}
