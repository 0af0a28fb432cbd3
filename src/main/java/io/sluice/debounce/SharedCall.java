package io.sluice.debounce;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.util.context.Context;

/** One call for all triggers that come while it runs. It is cancelled when the last of them has left. */
final class SharedCall<T> implements CoreSubscriber<T> {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<SharedCall, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(SharedCall.class, Subscription.class, "upstream");

    private static final int OVER = -1;

    private final Context context;
    private final FiringDesk desk;
    private final Sinks.One<T> answer = Sinks.unsafe().one();
    /** How many wait for it, or that it is over; whoever begins it is one. */
    private final AtomicInteger members = new AtomicInteger(1);

    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile @Nullable Subscription upstream;

    private volatile @Nullable Firing firing;
    /** Owned by the source. */
    private boolean done;

    SharedCall(Context context, FiringDesk desk) {
        this.context = context;
        this.desk = desk;
    }

    /** Becomes one of those who wait, unless it is over. Must be followed by {@link #tell}. */
    boolean tryJoin() {
        for (; ; ) {
            int waiting = members.get();
            if (waiting == OVER) {
                return false;
            }
            if (members.compareAndSet(waiting, waiting + 1)) {
                return true;
            }
        }
    }

    /** Tells the answer to one who waits, once it is there. */
    void tell(CoreSubscriber<? super T> actual) {
        answer.asMono().subscribe(new SharedMember<T>(actual, this));
    }

    void begin(Mono<? extends T> source, Firing recorded) {
        firing = recorded;
        if (isOver()) {
            desk.ended(recorded.record(), this);
        } else {
            source.subscribe(this);
        }
    }

    /** One who waits has cancelled. */
    void leave() {
        for (; ; ) {
            int waiting = members.get();
            if (waiting == OVER) {
                return;
            }
            if (members.compareAndSet(waiting, waiting == 1 ? OVER : waiting - 1)) {
                if (waiting == 1) {
                    Operators.terminate(UPSTREAM, this);
                    forget();
                }
                return;
            }
        }
    }

    /** Nobody joins from now on, and none is left to wait in vain. */
    private void forget() {
        Firing recorded = firing;
        if (recorded != null) {
            desk.ended(recorded.record(), this);
        }
    }

    boolean isOver() {
        return members.get() == OVER;
    }

    /** Ends it; false if it was over already. */
    private boolean end() {
        return members.getAndSet(OVER) != OVER;
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.setOnce(UPSTREAM, this, subscription)) {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(T value) {
        if (done) {
            Operators.onNextDropped(value, context);
            return;
        }
        done = true;
        if (!end()) {
            Operators.onDiscard(value, context);
            return;
        }
        forget();
        answer.tryEmitValue(value);
    }

    @Override
    public void onError(Throwable error) {
        if (done || !end()) {
            Operators.onErrorDropped(error, context);
            return;
        }
        done = true;
        Firing recorded = firing;
        if (recorded != null) {
            desk.failed(recorded);
        }
        forget();
        answer.tryEmitError(error);
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            if (end()) {
                forget();
                answer.tryEmitEmpty();
            }
        }
    }
}
