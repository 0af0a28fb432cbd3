package io.sluice.breaker;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a breaker to one call, for code that cannot use {@link CircuitBreaker#protect}: either a refusal, or the
 * duty to say how the call ended. Exactly one end counts; later ones do nothing, and none counts once the breaker has gone
 * on to another state. Whoever says nothing holds a probe until it is overdue.
 *
 * <p>Thread-safe.
 */
public class Admission {

    private static final AtomicIntegerFieldUpdater<Admission> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(Admission.class, "ended");

    private static final long NOT_YET = Long.MIN_VALUE;

    final CircuitBreaker breaker;

    private @Nullable CircuitOpenException refusal;
    private long generation;
    private long startedAt;
    /** When the first element came. */
    private volatile long answeredAt = NOT_YET;

    private volatile int ended;

    Admission(CircuitBreaker breaker) {
        this.breaker = breaker;
    }

    final void admitted(long byGeneration, long now) {
        generation = byGeneration;
        startedAt = now;
    }

    final void refused(CircuitOpenException reason) {
        refusal = reason;
        ended = 1;
    }

    final long generation() {
        return generation;
    }

    /** How long the call took until now, or until its first element. */
    final long took(long now) {
        long answered = answeredAt;
        return (answered == NOT_YET ? now : answered) - startedAt;
    }

    final boolean isEnded() {
        return ended != 0;
    }

    /** Whether this is the end that counts. */
    final boolean end() {
        return ended == 0 && ENDED.compareAndSet(this, 0, 1);
    }

    /** Whether the call may be made. */
    public final boolean isAdmitted() {
        return refusal == null;
    }

    /** Why the call may not be made; null if it may. */
    public final @Nullable CircuitOpenException refusal() {
        return refusal;
    }

    /** The first element of the answer is here: a call that is slow from now on is not slow. Only the first counts. */
    public final void answered() {
        if (answeredAt == NOT_YET && breaker.timesCalls()) {
            answeredAt = breaker.now();
        }
    }

    /** The call succeeded. */
    public final void succeeded() {
        if (end()) {
            breaker.succeeded(this);
        }
    }

    /** The call failed; whether that counts is decided by the error. One that does not count is as a cancellation. */
    public final void failed(Throwable error) {
        if (end()) {
            breaker.failed(this, error);
        }
    }

    /** The call was given up, or never made: it counts as nothing, and a probe gives its place back. */
    public final void cancelled() {
        if (end()) {
            breaker.endedWithoutResult(this);
        }
    }
}
