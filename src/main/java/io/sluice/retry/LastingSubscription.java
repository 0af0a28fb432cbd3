package io.sluice.retry;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Operators;

/**
 * One subscription downstream over several upstream, one after the other: what was asked for and not given by one is
 * asked of the next. Requests and the cancellation come from anywhere; the rest is said by one signal at a time.
 */
abstract class LastingSubscription implements Subscription {

    private static final AtomicReferenceFieldUpdater<LastingSubscription, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(LastingSubscription.class, Subscription.class, "upstream");

    private static final AtomicLongFieldUpdater<LastingSubscription> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(LastingSubscription.class, "requested");

    private static final AtomicIntegerFieldUpdater<LastingSubscription> ASKING =
            AtomicIntegerFieldUpdater.newUpdater(LastingSubscription.class, "asking");

    /** Null between attempts, so that a wait holds nothing of the last one; the cancelled one when all is over. */
    private volatile @Nullable Subscription upstream;
    /** What downstream asked for, less what earlier attempts gave. */
    private volatile long requested;

    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile int asking;

    // Owned by the holder of asking.
    private @Nullable Subscription asked;
    private long askedFor;

    /** All is over by a cancellation; lets go of what is not the upstream. */
    abstract void cancelled();

    final @Nullable Subscription upstream() {
        return upstream;
    }

    final long requested() {
        return requested;
    }

    final boolean isOver() {
        return upstream == Operators.cancelledSubscription();
    }

    /** The subscription of the attempt that begins. A second one of the same attempt is refused. */
    final void attach(Subscription subscription) {
        if (UPSTREAM.compareAndSet(this, null, subscription)) {
            ask();
            return;
        }
        subscription.cancel();
        if (!isOver()) {
            Operators.reportSubscriptionSet();
        }
    }

    /**
     * The attempt is over, and there may be another.
     *
     * @return false if all is over
     */
    final boolean detach() {
        Subscription present = upstream;
        if (present == Operators.cancelledSubscription() || !UPSTREAM.compareAndSet(this, present, null)) {
            return false;
        }
        // So that whoever asks lets go of it too.
        ask();
        return true;
    }

    /** What an attempt gave is not asked of the next. Called between attempts. */
    final void given(long elements) {
        if (elements > 0) {
            Operators.produced(REQUESTED, this, elements);
        }
    }

    /**
     * There will be no further attempt.
     *
     * @return false if all was over before
     */
    final boolean finish() {
        return UPSTREAM.getAndSet(this, Operators.cancelledSubscription()) != Operators.cancelledSubscription();
    }

    @Override
    public final void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            ask();
        }
    }

    @Override
    public final void cancel() {
        Subscription present = UPSTREAM.getAndSet(this, Operators.cancelledSubscription());
        if (present == Operators.cancelledSubscription()) {
            return;
        }
        if (present != null) {
            present.cancel();
        }
        cancelled();
    }

    /** Asks the present upstream for what it was not asked yet; outside of the loop, because it may answer at once. */
    private void ask() {
        if (ASKING.getAndIncrement(this) != 0) {
            return;
        }
        Subscription present;
        long more = 0;
        int missed = 1;
        do {
            present = upstream;
            if (present != asked) {
                asked = present;
                askedFor = 0;
                more = 0;
            }
            long wanted = requested;
            if (present != null && wanted > askedFor) {
                // Unbounded demand must arrive as such.
                more = wanted == Long.MAX_VALUE ? wanted : more + wanted - askedFor;
                askedFor = wanted;
            }
            missed = ASKING.addAndGet(this, -missed);
        } while (missed != 0);
        if (present != null && more > 0) {
            present.request(more);
        }
    }
}
