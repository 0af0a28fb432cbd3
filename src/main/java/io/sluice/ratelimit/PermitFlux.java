package io.sluice.ratelimit;

import io.sluice.support.Demand;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/** A call with many answers, under a permit that is held until the last and ended before the end is told. */
final class PermitFlux<T> extends Flux<T> {

    private final ModelRateLimiter limiter;
    private final PermitRequest request;
    private final Function<? super Permit, ? extends Publisher<? extends T>> call;

    private PermitFlux(
            ModelRateLimiter limiter,
            PermitRequest request,
            Function<? super Permit, ? extends Publisher<? extends T>> call) {
        this.limiter = limiter;
        this.request = request;
        this.call = call;
    }

    static <T> Flux<T> of(
            ModelRateLimiter limiter,
            PermitRequest request,
            Function<? super Permit, ? extends Publisher<? extends T>> call) {
        return onAssembly(new PermitFlux<T>(limiter, request, call));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        PermitQueue queue = limiter.queueFor(request, actual);
        if (queue != null) {
            actual.onSubscribe(new Call<>(queue, request, actual, call));
        }
    }

    private static final class Call<T> extends PermitCall<T> {

        /** Keeps the demand until there is somebody to ask. */
        private final Demand demand = new Demand();

        private @Nullable Subscription upstream;

        Call(
                PermitQueue queue,
                PermitRequest request,
                CoreSubscriber<? super T> actual,
                Function<? super Permit, ? extends Publisher<? extends T>> call) {
            super(queue, request, actual, call);
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                demand.request(n);
                start();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            upstream = subscription;
            demand.set(subscription);
        }

        @Override
        public void onNext(T value) {
            if (state == RUNNING) {
                actual.onNext(value);
            } else {
                dropped(value);
            }
        }

        @Override
        public void onError(Throwable error) {
            if (endRunning()) {
                settleError(error);
                actual.onError(error);
            } else {
                Operators.onErrorDropped(error, actual.currentContext());
            }
        }

        @Override
        public void onComplete() {
            if (endRunning()) {
                settleComplete();
                actual.onComplete();
            }
        }

        @Override
        void cancelUpstream() {
            demand.cancel();
        }

        @Override
        @Nullable
        Subscription upstream() {
            return upstream;
        }
    }
}
