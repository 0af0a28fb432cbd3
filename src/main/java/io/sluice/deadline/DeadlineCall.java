package io.sluice.deadline;

import io.sluice.call.CutOff;
import io.sluice.support.Demand;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One call and its deadlines. One state decides whether the call ends by itself, is cancelled or is cut off; whoever sets
 * it does what follows. The demand is kept until the source is heard of, so that the subscriber can be told at once.
 */
abstract class DeadlineCall<T> extends Demand implements CoreSubscriber<T>, CutOff, Runnable {

    @SuppressWarnings("rawtypes")
    static final AtomicIntegerFieldUpdater<DeadlineCall> STATE =
            AtomicIntegerFieldUpdater.newUpdater(DeadlineCall.class, "state");

    static final int RUNNING = 0;
    /** Running, and the subscriber is being told an element. */
    static final int EMITTING = 1;

    /** Cut off while the subscriber was being told an element, so that the error comes after that. */
    static final int CUT_EMITTING = 2;

    static final int ENDED = 3;
    static final int CANCELLED = 4;
    static final int CUT = 5;

    final Deadline deadline;
    final Bounds bounds;
    final CoreSubscriber<? super T> actual;
    final long startedAt;

    volatile int state;
    private volatile @Nullable Throwable cutOff;
    /** Made when it is first asked for. */
    private @Nullable Context context;

    DeadlineCall(Deadline deadline, Bounds bounds, CoreSubscriber<? super T> actual) {
        this.deadline = deadline;
        this.bounds = bounds;
        this.actual = actual;
        this.startedAt = deadline.time.nanos();
    }

    /** Tells the subscriber, sets the first deadline, and begins the call. */
    final void begin(CorePublisher<? extends T> source) {
        actual.onSubscribe(this);
        if (state == RUNNING) {
            watch();
        }
        if (state == RUNNING) {
            source.subscribe(this);
        }
    }

    @Override
    public final Context currentContext() {
        Context known = context;
        if (known == null) {
            known = in(actual.currentContext());
            context = known;
        }
        return known;
    }

    @Override
    public final @Nullable Throwable cutOff() {
        Throwable own = cutOff;
        return own != null ? own : CutOff.of(actual.currentContext());
    }

    @Override
    public final void onSubscribe(Subscription subscription) {
        set(subscription);
    }

    /** The call is over in this way, unless it was over before. */
    final boolean end(int as) {
        for (; ; ) {
            int now = state;
            if (now > EMITTING) {
                return false;
            }
            if (STATE.compareAndSet(this, now, as)) {
                return true;
            }
        }
    }

    @Override
    public final void onError(Throwable error) {
        if (end(ENDED)) {
            unwatch();
            actual.onError(error);
        } else {
            Operators.onErrorDropped(error, actual.currentContext());
        }
    }

    @Override
    public final void onComplete() {
        if (end(ENDED)) {
            unwatch();
            actual.onComplete();
        }
    }

    @Override
    public final void cancel() {
        for (; ; ) {
            int now = state;
            if (now > CUT_EMITTING) {
                return;
            }
            if (STATE.compareAndSet(this, now, CANCELLED)) {
                unwatch();
                super.cancel();
                return;
            }
        }
    }

    /** A value that comes when the call is over. */
    final void dropped(T value) {
        if (state == ENDED) {
            Operators.onNextDropped(value, actual.currentContext());
        } else {
            Operators.onDiscard(value, actual.currentContext());
        }
    }

    // ---- the time ----

    static @Nullable Duration timeLeft(ContextView context) {
        long least = Bounds.NONE;
        CutOff around = CutOff.innermost(context);
        while (around instanceof DeadlineCall<?> call) {
            least = Math.min(least, call.timeLeft());
            around = CutOff.innermost(call.actual.currentContext());
        }
        return least == Bounds.NONE ? null : Duration.ofNanos(Math.max(0, least));
    }

    private long timeLeft() {
        long now = deadline.time.nanos();
        long at = Math.min(at(Bound.ATTEMPT, now), at(Bound.TOTAL, now));
        return at == Bounds.NONE ? Bounds.NONE : at - now;
    }

    /** Sets the timer for the earliest deadline. */
    abstract void watch();

    /** Forgets the timer. */
    abstract void unwatch();

    /** When a deadline is, as it looks now; {@link Bounds#NONE} where it is none or has been kept. */
    abstract long at(Bound bound, long now);

    /** Which deadline is the earliest, as it looks now. */
    abstract Bound nearest(long now);

    final long next(long now) {
        return at(nearest(now), now);
    }

    /** How many elements came. */
    abstract long elements();

    /** The timer fired: the time is over, or was set anew meanwhile. Not for long: the timer is everybody's. */
    final void wake() {
        if (state > EMITTING) {
            return;
        }
        long now = deadline.time.nanos();
        if (now < next(now)) {
            watch();
            return;
        }
        try {
            deadline.time.scheduler().schedule(this);
        } catch (RejectedExecutionException refused) {
            refused(refused);
        }
    }

    /** Beside the timer: cuts the call off, if it is still late. */
    @Override
    public final void run() {
        long now = deadline.time.nanos();
        Bound bound = nearest(now);
        long at = at(bound, now);
        if (now < at) {
            if (state <= EMITTING) {
                watch();
            }
            return;
        }
        long limit = bounds.of(bound);
        cut(new DeadlineExceededException(
                deadline.name, bound, Duration.ofNanos(limit), Duration.ofNanos(now - at + limit), elements()));
    }

    /** The scheduler takes no more work, so that nothing bounds the call any more. */
    final void refused(RejectedExecutionException reason) {
        cut(reason);
    }

    private void cut(Throwable reason) {
        for (; ; ) {
            int now = state;
            if (now > EMITTING) {
                return;
            }
            // Before the cancellation, which asks for it.
            cutOff = reason;
            if (STATE.compareAndSet(this, now, now == EMITTING ? CUT_EMITTING : CUT)) {
                unwatch();
                super.cancel();
                if (now == RUNNING) {
                    actual.onError(reason);
                }
                return;
            }
            cutOff = null;
        }
    }

    /** The subscriber has been told an element: it can be told now that the call was cut off meanwhile. */
    final void tellCut() {
        Throwable reason = cutOff;
        if (reason != null && STATE.compareAndSet(this, CUT_EMITTING, CUT)) {
            super.cancel();
            actual.onError(reason);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public @Nullable Object scanUnsafe(Attr key) {
        if (key == Attr.ACTUAL) {
            return actual;
        }
        if (key == Attr.CANCELLED) {
            return state == CANCELLED;
        }
        if (key == Attr.TERMINATED) {
            return state == ENDED || state == CUT;
        }
        if (key == Attr.ERROR) {
            return cutOff;
        }
        if (key == Attr.NAME) {
            return "deadline of " + deadline.name;
        }
        return key == Attr.RUN_STYLE ? Attr.RunStyle.ASYNC : super.scanUnsafe(key);
    }
}
