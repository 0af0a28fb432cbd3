package io.sluice.bench.costs;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;

/**
 * A subscriber that is used again and again, and so adds no bytes. Most calls have ended when {@code subscribe} returns; where
 * two threads meet at one key, one may be told by another thread, and is waited for.
 */
class Told<T> implements CoreSubscriber<T> {

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<Told> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(Told.class, "ended");

    private @Nullable T value;
    private @Nullable Throwable error;
    private volatile int ended;

    /** Subscribes, and gives the value when it is there; null where there was none. */
    final @Nullable T to(Publisher<? extends T> call) {
        ENDED.lazySet(this, 0);
        value = null;
        call.subscribe(this);
        while (ended == 0) {
            Thread.onSpinWait();
        }
        if (error != null) {
            throw new IllegalStateException("the benchmark is about calls that succeed", error);
        }
        return value;
    }

    @Override
    public final void onSubscribe(Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public final void onNext(T next) {
        value = next;
        got(next);
    }

    /** What whoever takes the value does with it there and then. */
    void got(T next) {}

    @Override
    public final void onError(Throwable thrown) {
        error = thrown;
        ENDED.lazySet(this, 1);
    }

    @Override
    public final void onComplete() {
        ENDED.lazySet(this, 1);
    }
}
