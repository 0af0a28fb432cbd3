package io.sluice.retry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * A subscriber that remembers what it was told, and asks for what it is told to. It is bare on purpose: Reactor's own
 * would keep back what comes after a cancellation or an end.
 */
class Heard<T> implements CoreSubscriber<T> {

    final List<T> elements = new ArrayList<>();
    volatile @Nullable Throwable error;
    volatile boolean completed;
    volatile int ends;
    private final long demand;
    private final Context context;
    private volatile Subscription subscription = Operators.emptySubscription();

    Heard(long demand, Context context) {
        this.demand = demand;
        this.context = context;
    }

    Heard() {
        this(Long.MAX_VALUE, Context.empty());
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        if (demand > 0) {
            given.request(demand);
        }
    }

    void request(long n) {
        subscription.request(n);
    }

    void cancel() {
        subscription.cancel();
    }

    /** What is told with the error; null without either. */
    @Nullable
    RetryReport report() {
        Throwable told = error;
        return told == null ? null : ProviderRetry.report(told);
    }

    @Override
    public void onNext(T value) {
        elements.add(value);
    }

    @Override
    public void onError(Throwable thrown) {
        error = thrown;
        end();
    }

    @Override
    public void onComplete() {
        completed = true;
        end();
    }

    private void end() {
        int before = ends;
        ends = before + 1;
    }
}
