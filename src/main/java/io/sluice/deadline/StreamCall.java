package io.sluice.deadline;

import io.sluice.time.Alarm;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * A stream and its deadlines. An element only leaves a note of the time; the timer, when it fires, looks whether the time
 * since the last one is over, and is set anew for what is left of it. So it is set once a gap, not once an element.
 */
final class StreamCall<T> extends DeadlineCall<T> {

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<StreamCall> WANTED =
            AtomicLongFieldUpdater.newUpdater(StreamCall.class, "wanted");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<StreamCall> PRODUCED =
            AtomicLongFieldUpdater.newUpdater(StreamCall.class, "produced");

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<StreamCall> SINCE =
            AtomicLongFieldUpdater.newUpdater(StreamCall.class, "since");

    private final Alarm alarm;

    /** All that the subscriber ever asked for. */
    private volatile long wanted;
    /** How many elements it was told; written by the stream only. */
    private volatile long produced;
    /** Since when the stream is waited for. */
    private volatile long since;

    StreamCall(Deadline deadline, Bounds bounds, CoreSubscriber<? super T> actual) {
        super(deadline, bounds, actual);
        this.since = startedAt;
        this.alarm = new Alarm(deadline.time, this::wake, this::refused);
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n)) {
            return;
        }
        if (wanted == produced && state == RUNNING) {
            SINCE.lazySet(this, deadline.time.nanos());
        }
        Operators.addCap(WANTED, this, n);
        super.request(n);
    }

    @Override
    public void onNext(T value) {
        if (state == EMITTING) {
            // Asked for by the subscriber while it is told the element before.
            PRODUCED.lazySet(this, produced + 1);
            actual.onNext(value);
            return;
        }
        if (!STATE.compareAndSet(this, RUNNING, EMITTING)) {
            dropped(value);
            return;
        }
        boolean first = produced == 0;
        PRODUCED.lazySet(this, produced + 1);
        actual.onNext(value);
        if (bounds.gap() != Bounds.NONE) {
            SINCE.lazySet(this, deadline.time.nanos());
        }
        if (!STATE.compareAndSet(this, EMITTING, RUNNING)) {
            tellCut();
        } else if (first) {
            watch();
        }
    }

    /** Whether the next element is up to the stream, and not to the subscriber. */
    private boolean isWaitedFor() {
        return state != EMITTING && wanted != produced;
    }

    @Override
    long at(Bound bound, long now) {
        boolean begun = produced != 0;
        return switch (bound) {
            case ATTEMPT -> Bounds.after(startedAt, bounds.attempt());
            case TOTAL -> begun ? Bounds.NONE : Bounds.after(startedAt, bounds.total());
            case FIRST_ELEMENT -> begun ? Bounds.NONE : silentAt(now, bounds.first());
            case GAP -> begun ? silentAt(now, bounds.gap()) : Bounds.NONE;
        };
    }

    /** When the stream has been silent for too long; where it is not waited for, when to look again. */
    private long silentAt(long now, long limit) {
        return Bounds.after(isWaitedFor() ? since : now, limit);
    }

    @Override
    Bound nearest(long now) {
        Bound whole = at(Bound.TOTAL, now) < at(Bound.ATTEMPT, now) ? Bound.TOTAL : Bound.ATTEMPT;
        Bound silence = produced == 0 ? Bound.FIRST_ELEMENT : Bound.GAP;
        return at(silence, now) <= at(whole, now) ? silence : whole;
    }

    @Override
    long elements() {
        return produced;
    }

    @Override
    void watch() {
        alarm.at(next(deadline.time.nanos()));
        if (state > EMITTING) {
            alarm.dispose();
        }
    }

    @Override
    void unwatch() {
        alarm.dispose();
    }
}
