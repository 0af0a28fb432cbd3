package io.sluice.debounce;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.util.context.Context;

/** Passes everything on; a failure is taken back before it is told. */
final class FailureWatch<T> implements CoreSubscriber<T>, Scannable {

    private final CoreSubscriber<? super T> actual;
    private final FiringDesk desk;
    private final Firing firing;

    FailureWatch(CoreSubscriber<? super T> actual, FiringDesk desk, Firing firing) {
        this.actual = actual;
        this.desk = desk;
        this.firing = firing;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        actual.onSubscribe(subscription);
    }

    @Override
    public void onNext(T value) {
        actual.onNext(value);
    }

    @Override
    public void onError(Throwable error) {
        desk.failed(firing);
        actual.onError(error);
    }

    @Override
    public void onComplete() {
        actual.onComplete();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
