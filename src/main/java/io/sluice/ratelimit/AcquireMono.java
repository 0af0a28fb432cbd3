package io.sluice.ratelimit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/** A permit as a value: asked for on the first request, of each subscriber anew. */
final class AcquireMono extends Mono<Permit> {

    private final ModelRateLimiter limiter;
    private final PermitRequest request;

    private AcquireMono(ModelRateLimiter limiter, PermitRequest request) {
        this.limiter = limiter;
        this.request = request;
    }

    static Mono<Permit> of(ModelRateLimiter limiter, PermitRequest request) {
        return onAssembly(new AcquireMono(limiter, request));
    }

    @Override
    public void subscribe(CoreSubscriber<? super Permit> actual) {
        PermitQueue queue = limiter.queueFor(request, actual);
        if (queue != null) {
            actual.onSubscribe(new Acquire(queue, request, actual));
        }
    }

    private static final class Acquire extends Waiter implements Subscription, Scannable {

        private @Nullable CoreSubscriber<? super Permit> actual;

        Acquire(PermitQueue queue, PermitRequest request, CoreSubscriber<? super Permit> actual) {
            super(queue, request, actual.currentContext());
            this.actual = actual;
        }

        @Override
        public void request(long n) {
            if (Operators.validate(n)) {
                start();
            }
        }

        @Override
        public void cancel() {
            // After the delivery the permit is the subscriber's: operators such as next() cancel what they have taken.
            boolean unused = leave();
        }

        @Override
        Duration maxHold() {
            return request.maxHold();
        }

        @Override
        void deliver(LivePermit permit) {
            CoreSubscriber<? super Permit> subscriber = actual;
            actual = null;
            if (subscriber != null) {
                subscriber.onNext(permit);
                subscriber.onComplete();
            }
        }

        @Override
        void deliverError(Throwable reason) {
            CoreSubscriber<? super Permit> subscriber = actual;
            actual = null;
            if (subscriber != null) {
                subscriber.onError(reason);
            }
        }

        @Override
        void forgetSubscriber() {
            actual = null;
        }

        @Override
        @SuppressWarnings("rawtypes")
        public @Nullable Object scanUnsafe(Attr key) {
            if (key == Attr.ACTUAL) {
                return actual;
            }
            return WaiterScan.of(this, key);
        }
    }
}
