package io.sluice.retry;

import io.sluice.call.RepeatGate;
import io.sluice.call.RetryTicket;
import io.sluice.call.Sluice;
import io.sluice.retry.RetryReport.Reason;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

/**
 * One subscriber and the attempts that are made for it: an attempt, a pause, an attempt, until one succeeds or the rules
 * say that it is enough. Until one fails, it only passes signals on.
 *
 * <p>Attempts and pauses follow each other and never overlap, so the fields that say nothing else have one writer at a
 * time.
 */
final class RetrySubscriber<T> extends LastingSubscription implements CoreSubscriber<T>, Pause.Sleeper, Scannable {

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<RetrySubscriber, Context> CONTEXT =
            AtomicReferenceFieldUpdater.newUpdater(RetrySubscriber.class, Context.class, "context");

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<RetrySubscriber> HALVES =
            AtomicIntegerFieldUpdater.newUpdater(RetrySubscriber.class, "halves");

    private final CorePublisher<? extends T> source;
    private final ProviderRetry retry;
    private final RetryRules rules;
    private final CoreSubscriber<? super T> actual;
    private final long startedAt;

    /** The context of the attempts, made when it is first asked for. */
    private volatile @Nullable Context context;
    /** The wait before the next attempt, from when it is decided on until it is over. */
    private volatile @Nullable Pause pause;
    /** An attempt is over when subscribing to it has returned, and when it has failed; see {@link #half}. */
    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile int halves;

    private boolean running;
    private boolean answered;
    private boolean finished;
    /** Elements of the present attempt; counted only where another one may follow them. */
    private long given;

    private @Nullable RetryCount count;
    private @Nullable Throwable failure;

    RetrySubscriber(
            CorePublisher<? extends T> source,
            ProviderRetry retry,
            RetryRules rules,
            CoreSubscriber<? super T> actual) {
        this.source = source;
        this.retry = retry;
        this.rules = rules;
        this.actual = actual;
        this.startedAt = retry.time.nanos();
    }

    @Override
    public Context currentContext() {
        Context known = context;
        if (known != null) {
            return known;
        }
        Context around = actual.currentContext();
        Context fresh = new RetryTicket(RetryTicket.of(around)).in(around);
        return CONTEXT.compareAndSet(this, null, fresh) ? fresh : currentContext();
    }

    private RetryCount count() {
        RetryCount counted = count;
        if (counted == null) {
            RetryRules own = rules.idempotent(Sluice.idempotent(actual.currentContext()));
            counted = new RetryCount(retry, own, startedAt);
            count = counted;
        }
        return counted;
    }

    // ---- attempts and pauses ----

    void attempt() {
        if (isOver()) {
            return;
        }
        running = true;
        try {
            source.subscribe(this);
        } catch (Throwable thrown) {
            // On a thread of the scheduler nobody else would tell the subscriber.
            Exceptions.throwIfFatal(thrown);
            onError(Operators.onOperatorError(thrown, actual.currentContext()));
        }
        half();
    }

    /**
     * A source may fail while it is being subscribed to. Whichever half of an attempt's end comes second begins the pause,
     * so that the next attempt neither overlaps with this one nor stands on its stack.
     */
    private void half() {
        if (HALVES.getAndIncrement(this) == 1) {
            Pause next = pause;
            if (next != null && !isOver()) {
                next.begin();
            }
        }
    }

    @Override
    public void resume() {
        pause = null;
        halves = 0;
        count().next();
        RetryTicket ticket = RetryTicket.of(currentContext());
        if (ticket != null) {
            ticket.nextAttempt();
        }
        attempt();
    }

    @Override
    public void refused(RejectedExecutionException reason) {
        Throwable last = failure == null ? reason : failure;
        count().end(last, Reason.SHUT_DOWN);
        end(last);
    }

    @Override
    void cancelled() {
        Pause waiting = pause;
        if (waiting != null) {
            waiting.dispose();
        }
    }

    // ---- the signals of an attempt ----

    @Override
    public void onSubscribe(Subscription subscription) {
        attach(subscription);
    }

    @Override
    public void onNext(T value) {
        if (!running) {
            Operators.onNextDropped(value, actual.currentContext());
            return;
        }
        answered = true;
        if (rules.afterFirstElement()) {
            given++;
        }
        actual.onNext(value);
    }

    @Override
    public void onComplete() {
        if (running) {
            running = false;
            finished = true;
            actual.onComplete();
        }
    }

    @Override
    public void onError(Throwable error) {
        if (!running || !detach()) {
            Operators.onErrorDropped(error, actual.currentContext());
            return;
        }
        running = false;
        failure = error;
        Pause next;
        try {
            next = count().after(error, answered, this);
        } catch (Throwable thrown) {
            // The random numbers or the instants, which are the user's.
            end(Operators.onOperatorError(thrown, actual.currentContext()));
            return;
        }
        if (next == null) {
            end(error);
            return;
        }
        RepeatGate gate = RepeatGate.of(actual.currentContext());
        Throwable refusal = gate == null ? null : gate.refusal(error);
        if (refusal != null) {
            count().end(refusal, Reason.REFUSED);
            end(refusal);
            return;
        }
        given(given);
        given = 0;
        pause = next;
        half();
    }

    private void end(Throwable error) {
        if (finish()) {
            finished = true;
            actual.onError(error);
        } else {
            Operators.onErrorDropped(error, actual.currentContext());
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.PARENT) {
            return upstream();
        }
        if (key == Attr.REQUESTED_FROM_DOWNSTREAM) {
            return requested();
        }
        if (key == Attr.TERMINATED) {
            return finished;
        }
        if (key == Attr.CANCELLED) {
            return isOver() && !finished;
        }
        if (key == Attr.ERROR) {
            return failure;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
