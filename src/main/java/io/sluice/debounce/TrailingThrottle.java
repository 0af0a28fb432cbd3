package io.sluice.debounce;

import io.sluice.time.Alarm;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Scannable;
import reactor.core.publisher.Operators;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

/**
 * Keeps the last element of each key until the key is quiet and the subscriber wants one. Elements, the timer and requests
 * come from anywhere; all that is kept belongs to whoever holds {@code wip}.
 */
final class TrailingThrottle<T> implements CoreSubscriber<T>, Subscription, Scannable, Runnable {

    private record Arrival<T>(String key, T value, long at) {}

    private static final class Pending<T> {
        final String key;
        T value;
        long quietAt;

        Pending(String key, T value) {
            this.key = key;
            this.value = value;
        }
    }

    /** Where a pending element stands in the queue, maybe with a time that is past by now. */
    private record Place<T>(Pending<T> pending, long at) {}

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<TrailingThrottle> WIP =
            AtomicIntegerFieldUpdater.newUpdater(TrailingThrottle.class, "wip");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<TrailingThrottle> REQUESTED =
            AtomicLongFieldUpdater.newUpdater(TrailingThrottle.class, "requested");

    private final CoreSubscriber<? super T> actual;
    private final Function<? super T, String> keyOf;
    private final FiringDesk desk;
    private final Alarm alarm;
    private final Queue<Arrival<T>> arrivals = Queues.<Arrival<T>>unbounded().get();

    private @Nullable Subscription upstream;

    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile int wip;

    private volatile long requested;
    private volatile boolean cancelled;
    private volatile boolean done;
    /** Written before done. */
    private @Nullable Throwable error;

    // Owned by the holder of wip.
    private final Map<String, Pending<T>> pending = new HashMap<>();
    private final PriorityQueue<Place<T>> queue = new PriorityQueue<>(Comparator.comparingLong(Place<T>::at));
    /** Those whose keys are quiet, in that order. */
    private final Queue<Pending<T>> ready = new ArrayDeque<>();

    private boolean ended;

    /** The head of the queue after the last step, for the timer, which must not be set inside. */
    private volatile @Nullable Place<T> firstPlace;

    TrailingThrottle(CoreSubscriber<? super T> actual, Function<? super T, String> keyOf, FiringDesk desk) {
        this.actual = actual;
        this.keyOf = keyOf;
        this.desk = desk;
        this.alarm = new Alarm(desk.time, this::wake, this::refused);
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
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(T value) {
        if (cancelled) {
            Operators.onDiscard(value, actual.currentContext());
            return;
        }
        if (done) {
            Operators.onNextDropped(value, actual.currentContext());
            return;
        }
        String key;
        try {
            key = Objects.requireNonNull(keyOf.apply(value), "the key must not be null");
        } catch (Throwable thrown) {
            onError(Operators.onOperatorError(upstream, thrown, value, actual.currentContext()));
            return;
        }
        arrivals.offer(new Arrival<>(key, value, desk.time.nanos()));
        drain();
    }

    @Override
    public void onError(Throwable thrown) {
        if (done) {
            Operators.onErrorDropped(thrown, actual.currentContext());
            return;
        }
        error = thrown;
        done = true;
        drain();
    }

    @Override
    public void onComplete() {
        done = true;
        drain();
    }

    @Override
    public void request(long n) {
        if (Operators.validate(n)) {
            Operators.addCap(REQUESTED, this, n);
            drain();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        Subscription source = upstream;
        if (source != null) {
            source.cancel();
        }
        drain();
    }

    /** On the timer, which is everybody's: elements are told beside it. */
    private void wake() {
        try {
            desk.time.scheduler().schedule(this);
        } catch (RejectedExecutionException refusal) {
            refused(refusal);
        }
    }

    private void refused(RejectedExecutionException reason) {
        Subscription source = upstream;
        if (source != null && !done) {
            source.cancel();
            onError(reason);
        }
    }

    @Override
    public void run() {
        drain();
    }

    private void drain() {
        if (WIP.getAndIncrement(this) != 0) {
            return;
        }
        int missed = 1;
        do {
            step();
            missed = WIP.addAndGet(this, -missed);
        } while (missed != 0);
        Place<T> next = firstPlace;
        if (next != null) {
            alarm.at(next.at());
        }
    }

    private void step() {
        if (ended) {
            discardAll();
            return;
        }
        if (cancelled || (done && error != null)) {
            end();
            return;
        }
        boolean complete = done;
        take();
        long now = complete ? Long.MAX_VALUE : desk.time.nanos();
        sort(now);
        tell(now);
        if (complete && ready.isEmpty() && !cancelled) {
            end();
        } else {
            firstPlace = queue.peek();
        }
    }

    private void end() {
        ended = true;
        firstPlace = null;
        alarm.dispose();
        discardAll();
        Throwable reason = error;
        if (cancelled) {
            return;
        }
        if (reason != null) {
            actual.onError(reason);
        } else {
            actual.onComplete();
        }
    }

    private void take() {
        for (Arrival<T> arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            Pending<T> known = pending.get(arrival.key());
            if (known == null) {
                known = new Pending<>(arrival.key(), arrival.value());
                pending.put(arrival.key(), known);
                known.quietAt = quietAt(arrival);
                queue.add(new Place<>(known, known.quietAt));
            } else {
                Operators.onDiscard(known.value, actual.currentContext());
                known.value = arrival.value();
                known.quietAt = quietAt(arrival);
            }
        }
    }

    private long quietAt(Arrival<T> arrival) {
        long by = desk.cooldown(arrival.key());
        return by > Long.MAX_VALUE - arrival.at() ? Long.MAX_VALUE : arrival.at() + by;
    }

    /** Moves those whose keys are quiet by then to the ready ones. */
    private void sort(long now) {
        for (Place<T> first = queue.peek(); first != null && first.at() <= now; first = queue.peek()) {
            queue.poll();
            Pending<T> quiet = first.pending();
            if (quiet.quietAt > now) {
                queue.add(new Place<>(quiet, quiet.quietAt));
            } else {
                ready.add(quiet);
            }
        }
    }

    /** Tells what is ready and may run, as far as it is wanted. */
    private void tell(long now) {
        long wanted = requested;
        long told = 0;
        while (told < wanted && !cancelled) {
            Pending<T> quiet = ready.poll();
            if (quiet == null) {
                break;
            }
            long quietAt = Math.max(quiet.quietAt, desk.coolAt(quiet.key));
            if (quietAt > now) {
                // It was triggered again while nobody wanted it, or ran a moment ago.
                quiet.quietAt = quietAt;
                queue.add(new Place<>(quiet, quietAt));
                continue;
            }
            pending.remove(quiet.key);
            if (desk.tryFire(quiet.key) != null) {
                told++;
                actual.onNext(quiet.value);
            } else {
                Operators.onDiscard(quiet.value, actual.currentContext());
            }
        }
        if (told > 0 && wanted != Long.MAX_VALUE) {
            REQUESTED.addAndGet(this, -told);
        }
    }

    private void discardAll() {
        for (Arrival<T> arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
            Operators.onDiscard(arrival.value(), actual.currentContext());
        }
        for (Pending<T> left : pending.values()) {
            Operators.onDiscard(left.value, actual.currentContext());
        }
        pending.clear();
        queue.clear();
        ready.clear();
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr attribute) {
        if (attribute == Attr.ACTUAL) {
            return actual;
        }
        if (attribute == Attr.PARENT) {
            return upstream;
        }
        if (attribute == Attr.CANCELLED) {
            return cancelled;
        }
        if (attribute == Attr.TERMINATED) {
            return done;
        }
        return attribute == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : null;
    }
}
