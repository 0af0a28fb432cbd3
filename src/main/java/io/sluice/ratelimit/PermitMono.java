package io.sluice.ratelimit;

import io.sluice.model.TokenUsage;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A call with one answer, under a permit that is ended before the answer is told. */
final class PermitMono<T> extends Mono<T> {

    private final ModelRateLimiter limiter;
    private final PermitRequest request;
    private final Function<? super Permit, ? extends Mono<? extends T>> call;
    private final @Nullable Function<? super T, TokenUsage> usage;

    private PermitMono(
            ModelRateLimiter limiter,
            PermitRequest request,
            Function<? super Permit, ? extends Mono<? extends T>> call,
            @Nullable Function<? super T, TokenUsage> usage) {
        this.limiter = limiter;
        this.request = request;
        this.call = call;
        this.usage = usage;
    }

    static <T> Mono<T> of(
            ModelRateLimiter limiter,
            PermitRequest request,
            Function<? super Permit, ? extends Mono<? extends T>> call,
            @Nullable Function<? super T, TokenUsage> usage) {
        return onAssembly(new PermitMono<>(limiter, request, call, usage));
    }

    @Override
    public void subscribe(CoreSubscriber<? super T> actual) {
        PermitQueue queue = limiter.queueFor(request, actual);
        if (queue != null) {
            actual.onSubscribe(new Call<>(queue, request, actual, call, usage));
        }
    }

    private static final class Call<T> extends PermitCall<T> {

        @SuppressWarnings("rawtypes")
        private static final AtomicReferenceFieldUpdater<Call, Subscription> UPSTREAM =
                AtomicReferenceFieldUpdater.newUpdater(Call.class, Subscription.class, "upstream");

        private final @Nullable Function<? super T, TokenUsage> usage;

        private volatile @Nullable Subscription upstream;

        Call(
                PermitQueue queue,
                PermitRequest request,
                CoreSubscriber<? super T> actual,
                Function<? super Permit, ? extends Mono<? extends T>> call,
                @Nullable Function<? super T, TokenUsage> usage) {
            super(queue, request, actual, call);
            this.usage = usage;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                start();
            }
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            if (Operators.setOnce(UPSTREAM, this, subscription)) {
                subscription.request(Long.MAX_VALUE);
            }
        }

        @Override
        public void onNext(T value) {
            if (!endRunning()) {
                dropped(value);
                return;
            }
            TokenUsage used = TokenUsage.UNKNOWN;
            if (usage != null) {
                try {
                    TokenUsage told = usage.apply(value);
                    used = told == null ? TokenUsage.UNKNOWN : told;
                } catch (Throwable thrown) {
                    settleComplete();
                    actual.onError(Operators.onOperatorError(upstream, thrown, value, actual.currentContext()));
                    return;
                }
            }
            permit().succeeded(used);
            actual.onNext(value);
            actual.onComplete();
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
            Operators.terminate(UPSTREAM, this);
        }

        @Override
        @Nullable
        Subscription upstream() {
            return upstream;
        }
    }
}
