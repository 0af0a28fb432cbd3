package io.sluice.batch;

import io.sluice.ratelimit.Permit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The way of one line to its answer: it waits, then is sent, unless it is given up while it waits. */
final class Attempt {

    private enum State {
        WAITING,
        SENT,
        GIVEN_UP
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private volatile @Nullable Permit permit;

    /** The line has its permit; false where it was given up, so that nothing may be sent. */
    boolean send(Permit granted) {
        permit = granted;
        return state.compareAndSet(State.WAITING, State.SENT);
    }

    /** Whether the line was still waiting, and now will never be sent. */
    boolean giveUp() {
        return state.compareAndSet(State.WAITING, State.GIVEN_UP);
    }

    int requests() {
        return state.get() == State.SENT ? 1 : 0;
    }

    Duration waited() {
        Permit granted = permit;
        return granted == null ? Duration.ZERO : granted.waited();
    }
}
