package io.sluice.support;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;

/**
 * Keeps the demand for a stream until there is somebody to ask. A cancellation reaches the stream at once, once, and also
 * while it answers the demand that was kept; a stream that needs no waiting would otherwise go on to its end. (That is what
 * it does behind {@link Operators.DeferredSubscription}, as of reactor-core 3.8.8.)
 */
@Internal
public class Demand implements Subscription, Scannable {

    private static final AtomicReferenceFieldUpdater<Demand, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(Demand.class, Subscription.class, "upstream");
    private static final AtomicLongFieldUpdater<Demand> KEPT = AtomicLongFieldUpdater.newUpdater(Demand.class, "kept");

    private volatile @Nullable Subscription upstream;

    private volatile long kept;

    /** There is somebody to ask now. A second one is cancelled. */
    public void set(Subscription subscription) {
        if (UPSTREAM.compareAndSet(this, null, subscription)) {
            askFor(subscription);
        } else {
            subscription.cancel();
            if (upstream != Operators.cancelledSubscription()) {
                Operators.reportSubscriptionSet();
            }
        }
    }

    @Override
    public void request(long n) {
        Subscription known = upstream;
        if (known != null) {
            known.request(n);
            return;
        }
        Operators.addCap(KEPT, this, n);
        known = upstream;
        if (known != null) {
            askFor(known);
        }
    }

    private void askFor(Subscription subscription) {
        long n = KEPT.getAndSet(this, 0);
        if (n != 0) {
            subscription.request(n);
        }
    }

    @Override
    public void cancel() {
        Subscription known = UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
        if (known != null) {
            known.cancel();
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return kept;
        }
        return key == Attr.CANCELLED ? upstream == Operators.cancelledSubscription() : null;
    }
}
