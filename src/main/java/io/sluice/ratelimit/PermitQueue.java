package io.sluice.ratelimit;

import io.sluice.failure.FailureReading;
import io.sluice.failure.StatedLimit;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.support.HandOver;
import io.sluice.support.SingleWriter;
import io.sluice.time.Alarm;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door to the permits of one key, for any thread: has whoever is the writer do what is asked for, and tells others
 * afterwards what was decided. What the writer does is {@link Turns} (who is served), {@link Settlement} (what becomes of
 * permits) and {@link LimitsInForce}, on one {@link KeyState}.
 */
final class PermitQueue extends SingleWriter {

    private static final AtomicIntegerFieldUpdater<PermitQueue> QUIET =
            AtomicIntegerFieldUpdater.newUpdater(PermitQueue.class, "quiet");

    private static final AtomicReferenceFieldUpdater<PermitQueue, Runnable> WHEN_QUIET =
            AtomicReferenceFieldUpdater.newUpdater(PermitQueue.class, Runnable.class, "whenQuiet");

    private final ModelKey key;
    private final LimiterCore core;
    private final Alarm alarm;

    // Owned by the writer.
    private final KeyState state;
    private final Forecast forecast;
    private final Settlement settlement;
    private final Turns turns;
    private final LimitsInForce limits;

    /** When to look again; written by the writer, passed on by whoever left. */
    private volatile long wakeAt = Long.MAX_VALUE;
    /** 1 while it is to be told that the queue is closed and no permit is held, 2 when it has been. */
    private volatile int quiet;

    private volatile @Nullable Runnable whenQuiet;

    PermitQueue(ModelKey key, RateLimitProfile profile, PermitLedger ledger, LimiterCore core) {
        this.key = key;
        this.core = core;
        this.state = new KeyState(key, profile, ledger, core);
        this.forecast = new Forecast(state);
        this.settlement = new Settlement(state);
        this.turns = new Turns(state, forecast, settlement, new GoOn());
        this.limits = new LimitsInForce(state, turns);
        this.alarm = new Alarm(core.time(), () -> run(() -> {}), refused -> run(() -> turns.failAll(asked -> refused)));
    }

    ModelKey key() {
        return key;
    }

    long nextNumber() {
        return core.numbers().incrementAndGet();
    }

    String permitName(long number) {
        return core.name() + "-" + number;
    }

    /** How long to wait after a refusal without a hint. */
    Duration ownBackoff(LivePermit permit) {
        return settlement.ownBackoff(permit);
    }

    /** Of a hint as much as is believed. */
    Duration believed(Duration hint) {
        Duration most = core.classifier().maxWait();
        return hint.compareTo(most) < 0 ? hint : most;
    }

    FailureReading read(Throwable error) {
        return core.classifier().read(error, core.time().instant());
    }

    // ---- waiting ----

    void acquire(Waiter waiter) {
        if (tryEnter()) {
            Turns.Decision decision;
            try {
                long now = state.now();
                waiter.enqueuedAt = now;
                decision = turns.admit(waiter, now, true);
            } finally {
                leave();
            }
            switch (decision) {
                case GRANTED -> waiter.deliverGranted();
                case QUEUED, REFUSED -> waiter.deliverIfDecided();
                case GONE -> {}
                case MOVED -> core.successors().apply(waiter).acquire(waiter);
            }
        } else if (turns.tryAnnounce()) {
            post(waiter);
        } else {
            QueueFullException full = new QueueFullException(waiter.key(), core.maxPending(), null);
            core.news().rejected(waiter.key(), full);
            core.news().tell();
            waiter.refuse(full);
        }
    }

    /** Has somebody else admit a call that was announced, who hands over what becomes of it. */
    private void post(Waiter waiter) {
        waiter.enqueuedAt = core.time().nanos();
        post(() -> {
            Turns.Decision decision = turns.admitAnnounced(waiter, state.now());
            if (decision == Turns.Decision.REFUSED) {
                core.handOver().add(waiter);
            } else if (decision == Turns.Decision.MOVED) {
                PermitQueue successor = core.successors().apply(waiter);
                successor.turns.announceMoved();
                successor.post(waiter);
            }
        });
    }

    /** Takes nobody in from now on; false where it is needed, because it was used or knows something that counts. */
    boolean retire(long unusedFor) {
        if (!tryEnter()) {
            return false;
        }
        try {
            state.retired |= !state.closed
                    && state.open == 0
                    && state.deadlines.isEmpty()
                    && state.ledger.isIdle(state.now(), unusedFor);
            return state.retired;
        } finally {
            leave();
        }
    }

    boolean isRetired() {
        return state.retired;
    }

    void left(Waiter waiter) {
        run(() -> turns.unlink(waiter));
    }

    // ---- settling ----

    /** The usual end of a call, so no note is made where nobody is to be left one. */
    void succeeded(LivePermit permit, TokenUsage usage) {
        if (tryEnter()) {
            try {
                settlement.succeeded(permit, usage);
            } finally {
                leave();
            }
        } else {
            post(() -> settlement.succeeded(permit, usage));
        }
    }

    void rateLimited(LivePermit permit, Duration delay, boolean hinted) {
        run(() -> settlement.rateLimited(permit, delay, hinted));
    }

    void kept(LivePermit permit) {
        run(() -> settlement.kept(permit));
    }

    void abandoned(LivePermit permit) {
        run(() -> settlement.abandoned(permit));
    }

    void headers(LivePermit permit, Function<? super String, ? extends @Nullable List<String>> headers) {
        List<StatedLimit> stated = limits.stated(headers);
        if (!stated.isEmpty()) {
            run(() -> limits.believe(permit, stated));
        }
    }

    void answered(LivePermit permit) {
        if (permit.isOpen()) {
            run(() -> settlement.answered(permit, 0));
        }
    }

    /** The answer has begun, and these are its headers. */
    void answered(LivePermit permit, Function<? super String, ? extends @Nullable List<String>> headers) {
        List<StatedLimit> stated = limits.stated(headers);
        boolean open = permit.isOpen();
        long processing = open ? core.processingTime().nanos(headers) : 0;
        if (open || !stated.isEmpty()) {
            run(() -> {
                settlement.answered(permit, processing);
                if (!stated.isEmpty()) {
                    limits.believe(permit, stated);
                }
            });
        }
    }

    // ---- looking after it ----

    /**
     * Other profiles apply.
     *
     * @param resolve gives the profile of this key; asked by the writer, so that of two updates the last one counts
     */
    void update(Supplier<RateLimitProfile> resolve) {
        run(() -> limits.declare(resolve.get()));
    }

    /**
     * Turns away all that wait and all that come, and calls back once when no permit is held.
     *
     * @return false if it was closed before; then nothing is called back
     */
    boolean close(Runnable onQuiet) {
        if (!WHEN_QUIET.compareAndSet(this, null, onQuiet)) {
            return false;
        }
        run(() -> {
            state.closed = true;
            turns.failAll(LimiterDisposedException::new);
        });
        return true;
    }

    RateLimitState state() {
        Instant instant = core.time().instant();
        return ask(() -> state.ledger.state(state.now(), instant));
    }

    /** Before anybody else knows this queue. */
    void restore(RateLimitState known) {
        state.ledger.restore(known, state.now(), core.time().instant());
    }

    RateLimitSnapshot snapshot() {
        return ask(() -> {
            long now = state.now();
            LedgerView view = state.ledger.view(now);
            return new RateLimitSnapshot(
                    key,
                    view.profile(),
                    view.requests(),
                    view.tokens(),
                    view.averageRequests(),
                    view.averageTokens(),
                    view.cap(),
                    view.inFlight(),
                    state.line.size(),
                    Duration.ofNanos(now - state.line.waitingSince(now)),
                    Duration.ofNanos(view.pause()),
                    view.further());
        });
    }

    Duration estimateWait(PermitRequest request) {
        return ask(() -> forecast.of(request));
    }

    private <R> R ask(Supplier<R> read) {
        Question<R> question = new Question<>(read);
        run(question);
        return question.await();
    }

    // ---- writing ----

    @Override
    protected void look() {
        long wake = turns.look();
        if (wake != wakeAt) {
            wakeAt = wake;
        }
        if (state.closed && state.open == 0) {
            QUIET.compareAndSet(this, 0, 1);
        }
    }

    @Override
    protected void afterwards() {
        core.handOver().start();
        if (wakeAt == Long.MAX_VALUE && whenQuiet != null) {
            alarm.dispose();
        } else {
            alarm.at(wakeAt);
        }
        core.news().tell();
        if (quiet == 1 && QUIET.compareAndSet(this, 1, 2)) {
            Runnable callback = whenQuiet;
            if (callback != null) {
                callback.run();
            }
        }
    }

    /** Goes on granting where the last writer stopped to let others have a turn. */
    private final class GoOn implements HandOver.Work {

        @Override
        public void run() {
            PermitQueue.this.run(() -> {});
        }

        @Override
        public void rejected(RejectedExecutionException reason) {
            PermitQueue.this.run(() -> turns.failAll(asked -> reason));
        }
    }
}
