package io.sluice.debounce;

import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** A call that waits for its key to be quiet, then passes everything on. */
final class TrailingCall<T> extends Operators.DeferredSubscription
        implements CoreSubscriber<T>, QuietSlot.Waiting, Runnable {

    private static final int WAITING = 0;
    private static final int RUNNING = 1;
    private static final int ENDED = 2;

    private final CorePublisher<? extends T> source;
    private final FiringDesk desk;
    private final CoreSubscriber<? super T> actual;
    private final AtomicInteger state = new AtomicInteger(WAITING);
    private volatile @Nullable QuietSlot slot;
    private volatile @Nullable Firing firing;
    private volatile @Nullable Throwable denial;

    TrailingCall(CorePublisher<? extends T> source, FiringDesk desk, CoreSubscriber<? super T> actual) {
        this.source = source;
        this.desk = desk;
        this.actual = actual;
    }

    /** Tells the subscriber, and waits. */
    void begin(String key, Map<String, QuietSlot> slots) {
        actual.onSubscribe(this);
        if (isWaiting()) {
            waitIn(QuietSlot.put(key, desk, slots, this));
        }
    }

    private boolean isWaiting() {
        return state.get() == WAITING;
    }

    private void waitIn(QuietSlot place) {
        slot = place;
        if (state.get() == ENDED) {
            place.leave(this);
        }
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void admitted(Firing recorded) {
        firing = recorded;
        handOver();
    }

    @Override
    public void denied(Throwable reason) {
        denial = reason;
        handOver();
    }

    /** Whoever decided is the timer, or another trigger: neither is to run this. */
    private void handOver() {
        try {
            desk.time.scheduler().schedule(this);
        } catch (RejectedExecutionException refused) {
            denial = refused;
            run();
        }
    }

    @Override
    public void run() {
        Throwable reason = denial;
        Firing recorded = firing;
        if (!state.compareAndSet(WAITING, reason == null ? RUNNING : ENDED)) {
            // Cancelled on the way from the timer.
            if (recorded != null) {
                desk.notRun(recorded);
            }
        } else if (reason == null) {
            source.subscribe(this);
        } else {
            actual.onError(reason);
        }
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        set(subscription);
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            super.request(n);
        }
    }

    @Override
    public void onNext(T value) {
        actual.onNext(value);
    }

    @Override
    public void onError(Throwable error) {
        Firing recorded = firing;
        if (recorded != null) {
            desk.failed(recorded);
        }
        actual.onError(error);
    }

    @Override
    public void onComplete() {
        actual.onComplete();
    }

    @Override
    public void cancel() {
        boolean waited = state.getAndSet(ENDED) == WAITING;
        QuietSlot place = slot;
        if (waited && place != null) {
            place.leave(this);
        }
        super.cancel();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : super.scanUnsafe(key);
    }
}
