package io.sluice.batch;

import io.sluice.failure.ProviderFailure;
import io.sluice.ratelimit.Permit;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The way of one line to its answer: it waits, is sent, perhaps waits and is sent again, unless it is given up in between. */
final class Attempts {

    private static final int TOO_MANY_REQUESTS = 429;

    private enum State {
        WAITING,
        SENT,
        GIVEN_UP
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

    // Written by one attempt after the other.
    private volatile int requests;
    private volatile int tooManyRequests;
    private volatile Duration waited = Duration.ZERO;

    /** The line has a permit; false where it was given up, so that nothing may be sent. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one attempt after the other
    boolean send(Permit permit) {
        if (!state.compareAndSet(State.WAITING, State.SENT)) {
            return false;
        }
        requests++;
        waited = waited.plus(permit.waited());
        return true;
    }

    /** What was sent failed; perhaps it is sent again. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one attempt after the other
    void failed(Throwable error) {
        if (error instanceof ProviderFailure answer && answer.status() == TOO_MANY_REQUESTS) {
            tooManyRequests++;
        }
        state.compareAndSet(State.SENT, State.WAITING);
    }

    /** Whether the line was not being sent, and now will not be any more. */
    boolean giveUp() {
        return state.compareAndSet(State.WAITING, State.GIVEN_UP);
    }

    int requests() {
        return requests;
    }

    int tooManyRequests() {
        return tooManyRequests;
    }

    Duration waited() {
        return waited;
    }
}
