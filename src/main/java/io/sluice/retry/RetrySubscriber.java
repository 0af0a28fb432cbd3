package io.sluice.retry;

import io.sluice.call.RetryTicket;
import io.sluice.retry.RetryReport.Reason;
import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscriber and the attempts that are made for it, one after the other. Until one fails, it only passes signals on.
 *
 * <p>Signals of attempts come one at a time, and the next attempt is subscribed to only after the last one has ended, so
 * what is said to be owned by the attempt needs no guard. Requests and the cancellation come from anywhere.
 */
final class RetrySubscriber<T> implements CoreSubscriber<T>, Subscription, Scannable, Timeout.Task, Runnable {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<RetrySubscriber, Subscription> UPSTREAM =
            AtomicReferenceFieldUpdater.newUpdater(RetrySubscriber.class, Subscription.class, "upstream");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<RetrySubscriber, Context> CONTEXT =
            AtomicReferenceFieldUpdater.newUpdater(RetrySubscriber.class, Context.class, "context");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<RetrySubscriber> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(RetrySubscriber.class, "requested");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<RetrySubscriber> ASKING =
            AtomicIntegerFieldUpdater.newUpdater(RetrySubscriber.class, "asking");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<RetrySubscriber> SUBSCRIBING =
            AtomicIntegerFieldUpdater.newUpdater(RetrySubscriber.class, "subscribing");

    private final CorePublisher<? extends T> source;
    private final ProviderRetry retry;
    private final CoreSubscriber<? super T> actual;
    private final long startedAt;

    /** The present attempt, the cancelled one after a cancellation, or the last one while there is a wait. */
    private volatile @Nullable Subscription upstream;
    /** All that was ever asked for. */
    private volatile long requested;

    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile int asking;

    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile int subscribing;

    private volatile @Nullable Timeout waiting;

    // Owned by the attempt.
    private @Nullable RetryCount count;
    private @Nullable Throwable last;
    private long produced;
    private long resumeAt;
    private boolean done;

    // Owned by the holder of asking.
    private @Nullable Subscription asked;
    private long askedFor;

    /** The context of the attempts, made when it is first asked for. */
    private volatile @Nullable Context context;

    RetrySubscriber(CorePublisher<? extends T> source, ProviderRetry retry, CoreSubscriber<? super T> actual) {
        this.source = source;
        this.retry = retry;
        this.actual = actual;
        this.startedAt = retry.time.nanos();
    }

    void begin() {
        subscribe();
    }

    @Override
    public Context currentContext() {
        Context known = context;
        if (known != null) {
            return known;
        }
        RetryCount counted = count;
        Context fresh = new RetryTicket(counted == null ? 1 : counted.attempt()).in(actual.currentContext());
        return CONTEXT.compareAndSet(this, null, fresh) ? fresh : currentContext();
    }

    /** Not inside one another: an attempt that fails while it is being subscribed to must not need more stack each time. */
    private void subscribe() {
        if (SUBSCRIBING.getAndIncrement(this) != 0) {
            return;
        }
        do {
            if (upstream != Operators.cancelledSubscription()) {
                source.subscribe(this);
            }
        } while (SUBSCRIBING.decrementAndGet(this) != 0);
    }

    // ---- the attempt ----

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.replace(UPSTREAM, this, subscription)) {
            ask();
        }
    }

    @Override
    public void onNext(T value) {
        if (done) {
            Operators.onNextDropped(value, actual.currentContext());
            return;
        }
        produced++;
        actual.onNext(value);
    }

    @Override
    public void onComplete() {
        if (!done) {
            done = true;
            actual.onComplete();
        }
    }

    @Override
    public void onError(Throwable error) {
        if (done || isCancelled()) {
            Operators.onErrorDropped(error, actual.currentContext());
            return;
        }
        RetryCount counted = count;
        if (counted == null) {
            counted = new RetryCount(retry, retry.rulesFor(actual.currentContext()), startedAt);
            count = counted;
        }
        Duration delay = null;
        if (produced > 0 && !retry.afterFirstElement) {
            counted.end(error, Reason.AFTER_FIRST_ELEMENT);
        } else {
            delay = counted.after(error);
        }
        if (delay == null) {
            end(error);
            return;
        }
        RetryTicket ticket = context == null ? null : RetryTicket.of(context);
        if (ticket != null) {
            ticket.nextAttempt();
        }
        last = error;
        resumeAt = TimeSource.after(retry.time.nanos(), delay);
        await();
    }

    private void end(Throwable error) {
        done = true;
        actual.onError(error);
    }

    // ---- the wait ----

    private void await() {
        Timeout timeout = retry.time.schedule(resumeAt, this);
        waiting = timeout;
        if (isCancelled()) {
            timeout.dispose();
        }
    }

    @Override
    public void due() {
        if (isCancelled()) {
            return;
        }
        if (retry.time.nanos() < resumeAt) {
            await();
            return;
        }
        try {
            // The timer is everybody's: the attempt itself is made beside it.
            retry.time.scheduler().schedule(this);
        } catch (RejectedExecutionException refused) {
            rejected(refused);
        }
    }

    @Override
    public void rejected(RejectedExecutionException reason) {
        Throwable error = last;
        if (error != null && !isCancelled()) {
            error.addSuppressed(reason);
            end(error);
        }
    }

    @Override
    public void run() {
        waiting = null;
        subscribe();
    }

    private boolean isCancelled() {
        return upstream == Operators.cancelledSubscription();
    }

    // ---- the subscriber ----

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            ask();
        }
    }

    /** Asks the present attempt for what was requested and no attempt has told. */
    private void ask() {
        if (ASKING.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            Subscription present = upstream;
            if (present != null) {
                if (present != asked) {
                    asked = present;
                    askedFor = produced;
                }
                long wanted = requested;
                if (wanted > askedFor) {
                    long more = wanted == Long.MAX_VALUE ? wanted : wanted - askedFor;
                    askedFor = wanted;
                    present.request(more);
                }
            }
            missed = ASKING.addAndGet(this, -missed);
        } while (missed != 0);
    }

    @Override
    public void cancel() {
        Operators.terminate(UPSTREAM, this);
        Timeout timeout = waiting;
        if (timeout != null) {
            timeout.dispose();
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
            return isCancelled();
        }
        if (key == Attr.TERMINATED) {
            return done;
        }
        if (key == Attr.ERROR) {
            return last;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
