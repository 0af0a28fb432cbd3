package io.sluice.ratelimit;

import io.sluice.SluiceException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When calls of one key will have their permits, and which of them need not wait for that. By the writer of its queue. */
final class Forecast {

    private final KeyState state;

    Forecast(KeyState state) {
        this.state = state;
    }

    /** How long a call would wait that came now. */
    Duration of(PermitRequest request) {
        Ask probe = new Probe(request.key(), request.estimate(), request.standing());
        RequestTooLargeException tooLarge = state.ledger.tooLarge(probe);
        if (tooLarge != null) {
            throw tooLarge;
        }
        long now = state.now();
        return Duration.ofNanos(likely(probe, now) - now);
    }

    /** Why a call that finds no permit now is turned away at once, or null where it may wait. */
    @Nullable
    SluiceException whyNotWait(Waiter waiter, int pending, long now) {
        long possible = waiter.request.failFast() == FailFast.ESTIMATED
                ? likely(waiter, now)
                : state.ledger.readyAtBest(waiter, now);
        if (possible >= waiter.deadline || waiter.deadline <= now) {
            return timedOut(waiter, now, Math.max(possible, likely(waiter, now)));
        }
        int maxPending = state.core.maxPending();
        if (pending >= maxPending) {
            return new QueueFullException(waiter.key(), maxPending, Duration.ofNanos(likely(waiter, now) - now));
        }
        return null;
    }

    /** The time of a call that stood in the queue is over. */
    AcquireTimeoutException timedOut(Waiter waiter, long now) {
        return timedOut(waiter, now, state.ledger.readyAtLikely(waiter, 0, 0, now));
    }

    private AcquireTimeoutException timedOut(Waiter waiter, long now, long readyAt) {
        return new AcquireTimeoutException(
                waiter.key(),
                waiter.estimate(),
                waiter.request.timeout(),
                waiter.waitedUntil(now),
                Duration.ofNanos(Math.max(0, readyAt - now)),
                state.ledger.view(now),
                state.line.size());
    }

    private long likely(Ask ask, long now) {
        WaitingLine line = state.line;
        return state.ledger.readyAtLikely(ask, line.sizeBefore(ask), line.tokensBefore(ask), now);
    }
}
