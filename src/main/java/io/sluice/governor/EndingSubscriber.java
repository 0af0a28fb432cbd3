package io.sluice.governor;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** Passes signals on, and tells the end once. One state decides between the end of the source and a cancellation. */
final class EndingSubscriber<T> implements CoreSubscriber<T>, Subscription, Scannable {

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<EndingSubscriber> STATE =
            AtomicIntegerFieldUpdater.newUpdater(EndingSubscriber.class, "state");

    private static final int RUNNING = 0;
    private static final int ENDED = 1;
    private static final int CANCELLED = 2;

    private final CoreSubscriber<? super T> actual;
    private final Ending ending;
    /** Whether the first element is the only one, so that the call has ended with it. */
    private final boolean single;

    private volatile int state;
    private @Nullable Subscription upstream;
    /** Made when it is first asked for. */
    private @Nullable Context context;

    EndingSubscriber(CoreSubscriber<? super T> actual, Ending ending, boolean single) {
        this.actual = actual;
        this.ending = ending;
        this.single = single;
    }

    @Override
    public Context currentContext() {
        Context known = context;
        if (known == null) {
            known = ending.in(actual.currentContext());
            context = known;
        }
        return known;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            actual.onSubscribe(this);
        }
    }

    private boolean end() {
        return state == RUNNING && STATE.compareAndSet(this, RUNNING, ENDED);
    }

    @Override
    public void onNext(T value) {
        if (single) {
            if (end()) {
                ending.answered();
                actual.onNext(value);
                actual.onComplete();
            } else {
                dropped(value);
            }
        } else if (state == RUNNING) {
            Throwable reason = ending.element();
            if (reason == null) {
                actual.onNext(value);
            } else {
                cut(value, reason);
            }
        } else {
            dropped(value);
        }
    }

    private void cut(T value, Throwable reason) {
        if (!end()) {
            dropped(value);
            return;
        }
        cancelUpstream();
        ending.failed(reason);
        Operators.onDiscard(value, actual.currentContext());
        actual.onError(reason);
    }

    private void dropped(T value) {
        if (state == CANCELLED) {
            Operators.onDiscard(value, actual.currentContext());
        } else {
            Operators.onNextDropped(value, actual.currentContext());
        }
    }

    @Override
    public void onError(Throwable error) {
        if (end()) {
            ending.failed(error);
            actual.onError(error);
        } else {
            Operators.onErrorDropped(error, actual.currentContext());
        }
    }

    @Override
    public void onComplete() {
        if (end()) {
            ending.answered();
            actual.onComplete();
        }
    }

    @Override
    public void request(long n) {
        Subscription source = upstream;
        if (source != null) {
            source.request(n);
        }
    }

    @Override
    public void cancel() {
        if (state == RUNNING && STATE.compareAndSet(this, RUNNING, CANCELLED)) {
            ending.cancelling();
            cancelUpstream();
            ending.cancelled();
        }
    }

    private void cancelUpstream() {
        Subscription source = upstream;
        if (source != null) {
            source.cancel();
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.PARENT) {
            return upstream;
        }
        if (key == Attr.CANCELLED) {
            return state == CANCELLED;
        }
        if (key == Attr.TERMINATED) {
            return state == ENDED;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
