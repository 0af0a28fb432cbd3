package io.sluice.breaker;

import io.sluice.call.CutOff;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** One admitted call: its admission, and what stands between the call and its subscriber, in one object. */
final class BreakerSubscriber<T> extends Admission implements CoreSubscriber<T>, Subscription, Scannable {

    private final CoreSubscriber<? super T> actual;
    /** Whether the first element is the only one, so that the call has succeeded with it. */
    private final boolean single;

    private @Nullable Subscription upstream;
    private boolean done;
    private volatile boolean cancelled;

    BreakerSubscriber(CircuitBreaker breaker, CoreSubscriber<? super T> actual, boolean single) {
        super(breaker);
        this.actual = actual;
        this.single = single;
    }

    @Override
    public Context currentContext() {
        return actual.currentContext();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            actual.onSubscribe(this);
        }
    }

    @Override
    public void onNext(T value) {
        if (done || cancelled) {
            dropped(value);
            return;
        }
        if (single) {
            succeeded();
        } else {
            answered();
        }
        actual.onNext(value);
    }

    private void dropped(T value) {
        if (cancelled) {
            Operators.onDiscard(value, actual.currentContext());
        } else {
            Operators.onNextDropped(value, actual.currentContext());
        }
    }

    @Override
    public void onError(Throwable error) {
        if (done || cancelled) {
            Operators.onErrorDropped(error, actual.currentContext());
            return;
        }
        done = true;
        failed(error);
        actual.onError(error);
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            succeeded();
            actual.onComplete();
        }
    }

    /** The source threw instead of telling its error. */
    void threw(Throwable error) {
        done = true;
        failed(error);
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
        boolean undecided = end();
        cancelled = true;
        Subscription source = upstream;
        if (source != null) {
            source.cancel();
        }
        if (undecided) {
            Throwable cutOff = CutOff.of(actual.currentContext());
            if (cutOff != null) {
                breaker.countFailure(this, cutOff);
            } else {
                breaker.endedWithoutResult(this);
            }
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
            return cancelled;
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.NAME) {
            return "circuit breaker " + breaker.name();
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.SYNC : null;
    }
}
