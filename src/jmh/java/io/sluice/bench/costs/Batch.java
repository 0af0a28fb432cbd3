package io.sluice.bench.costs;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/** Subscribes to many calls, one after the other and without waiting for any, then waits for all. */
class Batch<T> implements CoreSubscriber<T> {

    static final int SIZE = 64;

    private final AtomicInteger open = new AtomicInteger();
    private volatile @Nullable Throwable error;

    final void to(Publisher<? extends T> call) {
        open.set(SIZE);
        for (int i = 0; i < SIZE; i++) {
            call.subscribe(this);
        }
        while (open.get() != 0) {
            Thread.onSpinWait();
        }
        if (error != null) {
            throw new IllegalStateException("the benchmark is about calls that succeed", error);
        }
    }

    @Override
    public final void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(T next) {}

    @Override
    public final void onError(Throwable thrown) {
        error = thrown;
        open.decrementAndGet();
    }

    @Override
    public final void onComplete() {
        open.decrementAndGet();
    }
}
