package io.sluice.debounce;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/** One call for all triggers that come while it runs. It is cancelled when the last of them has left. */
abstract class SharedCall<T> implements CoreSubscriber<T> {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<SharedCall, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(SharedCall.class, Subscription.class, "upstream");

    private static final int OVER = -1;

    private final String key;
    final Context context;
    private final FiringDesk desk;
    /** How many wait for it, or that it is over; whoever begins it is one. */
    private final AtomicInteger members = new AtomicInteger(1);

    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile @Nullable Subscription upstream;

    private volatile @Nullable Firing firing;
    /** Owned by the source. */
    boolean done;

    SharedCall(String key, Context context, FiringDesk desk) {
        this.key = key;
        this.context = context;
        this.desk = desk;
    }

    /** Joins the call of a key, begins one, or tells that neither may be. */
    static <T> void subscribe(
            CorePublisher<T> source, String key, FiringDesk desk, CoreSubscriber<? super T> actual, boolean stream) {
        for (; ; ) {
            SharedCall<T> running = running(key, desk);
            if (running != null && running.tryJoin()) {
                running.tellOne(actual, stream);
                return;
            }
            if (!desk.isDenied(key)) {
                Context context = actual.currentContext();
                SharedCall<T> own =
                        stream ? new SharedStream<>(key, context, desk) : new SharedAnswer<>(key, context, desk);
                Firing firing = desk.tryFire(key, own);
                if (firing != null) {
                    own.tellOne(actual, stream);
                    own.begin(source, firing);
                    return;
                }
            }
            // Whoever took the turn left its call before the denial could be seen.
            SharedCall<T> other = running(key, desk);
            if (other == null || other == running) {
                Operators.error(actual, desk.denial(key).toException());
                return;
            }
        }
    }

    /** The call of this key, which a key stands for one kind of. */
    @SuppressWarnings("unchecked")
    private static <T> @Nullable SharedCall<T> running(String key, FiringDesk desk) {
        KeyRecord record = desk.find(key);
        return record == null ? null : (SharedCall<T>) record.call();
    }

    private void tellOne(CoreSubscriber<? super T> actual, boolean stream) {
        if (isStream() && !stream) {
            leave();
            Operators.error(actual, new SharedStreamException(key));
        } else {
            tell(new SharedMember<T>(actual, this));
        }
    }

    /** Becomes one of those who wait, unless it is over. Must be followed by {@link #tellOne}. */
    private boolean tryJoin() {
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

    /** Whether it may have more than one answer. */
    abstract boolean isStream();

    /** Tells one who waits all that there is, and is to come. */
    abstract void tell(CoreSubscriber<? super T> member);

    abstract void tellError(Throwable error);

    abstract void tellEnd();

    private void begin(CorePublisher<? extends T> source, Firing recorded) {
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
    final void forget() {
        Firing recorded = firing;
        if (recorded != null) {
            desk.ended(recorded.record(), this);
        }
    }

    boolean isOver() {
        return members.get() == OVER;
    }

    /** Ends it; false if it was over already. */
    final boolean end() {
        return members.getAndSet(OVER) != OVER;
    }

    @Override
    public final Context currentContext() {
        return context;
    }

    @Override
    public final void onSubscribe(Subscription subscription) {
        if (Operators.setOnce(UPSTREAM, this, subscription)) {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public final void onError(Throwable error) {
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
        tellError(error);
    }

    @Override
    public final void onComplete() {
        if (!done) {
            done = true;
            if (end()) {
                forget();
                tellEnd();
            }
        }
    }
}
