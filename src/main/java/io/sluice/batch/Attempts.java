package io.sluice.batch;

import io.sluice.failure.ProviderFailure;
import io.sluice.ratelimit.Permit;
import java.time.Duration;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The way of one line to its result: it waits and is sent, perhaps several times, unless it is given up while it waits.
 * Thread-safe.
 *
 * <pre>
 * waiting ──► sent ──► over
 *   │  ▲        │
 *   │  └────────┘ another request follows
 *   └──► given up
 * </pre>
 */
final class Attempts {

    private enum State {
        WAITING,
        SENT,
        GIVEN_UP,
        OVER
    }

    private final Sinks.Empty<Void> gone = Sinks.empty();

    // All guarded by this; nobody is told anything meanwhile.
    private State state = State.WAITING;
    private boolean ending;
    private int requests;

    /** Which request failed last; 0 where none did. */
    private int failed;

    private int tooManyRequests;
    private Duration waited = Duration.ZERO;

    /** The line has a permit: which of its requests is sent now, counted from 1; 0 where it was given up, and none may be. */
    synchronized int send(Permit granted) {
        if (state == State.GIVEN_UP) {
            return 0;
        }
        state = State.SENT;
        waited = waited.plus(granted.waited());
        return ++requests;
    }

    /** The latest request failed; whether another one follows is open. */
    synchronized void failed(Throwable error) {
        failed = requests;
        if (Exceptions.unwrap(error) instanceof ProviderFailure answer
                && BatchError.isTooManyRequests(answer.status())) {
            tooManyRequests++;
        }
    }

    /** Everybody knows how a request ended; where it failed, and that was not the end of the line, it waits again. */
    void after(int request) {
        boolean givenUp;
        synchronized (this) {
            if (state != State.SENT || request != failed || request != requests) {
                return;
            }
            state = ending ? State.GIVEN_UP : State.WAITING;
            givenUp = ending;
        }
        if (givenUp) {
            gone.tryEmitEmpty();
        }
    }

    /** The line has its result. */
    synchronized void over() {
        state = State.OVER;
    }

    /** Gives the line up if it waits, else as soon as it waits again; completes when that has happened. */
    Mono<Void> giveUp() {
        boolean givenUp;
        synchronized (this) {
            ending = true;
            givenUp = state == State.WAITING;
            state = givenUp ? State.GIVEN_UP : state;
        }
        return givenUp ? Mono.empty() : gone.asMono();
    }

    /** Whether a request is on its way, or the last of them has brought the result. */
    synchronized boolean isSent() {
        return state == State.SENT || state == State.OVER;
    }

    synchronized boolean isGivenUp() {
        return state == State.GIVEN_UP;
    }

    /** How many requests were sent. */
    synchronized int requests() {
        return requests;
    }

    /** How many of them were answered with 429. */
    synchronized int tooManyRequests() {
        return tooManyRequests;
    }

    /** How long it waited for permits. */
    synchronized Duration waited() {
        return waited;
    }
}
