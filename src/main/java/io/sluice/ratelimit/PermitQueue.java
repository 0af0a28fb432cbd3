package io.sluice.ratelimit;

import io.sluice.SluiceException;
import io.sluice.failure.FailureReading;
import io.sluice.failure.RateLimitHeaders;
import io.sluice.failure.StatedLimit;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.RateLimitEvent.SettledAs;
import io.sluice.support.HandOver;
import io.sluice.support.SingleWriter;
import io.sluice.time.Alarm;
import io.sluice.time.TimeSource;
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
 * Who waits for the permits of one key, and when to look again.
 *
 * <p>The ledger and the lists belong to the writer. After every change it looks: deadlines first, then nested calls
 * (which need no slot of their own), then the queue in order, and nothing overtakes its head. Grants and refusals are
 * put in line for the hand-over, which takes them to the limiter's scheduler; only a call that is served while its own
 * subscriber is the writer goes on where it is.
 */
final class PermitQueue extends SingleWriter {

    private static final AtomicIntegerFieldUpdater<PermitQueue> PENDING =
            AtomicIntegerFieldUpdater.newUpdater(PermitQueue.class, "pending");
    private static final AtomicIntegerFieldUpdater<PermitQueue> QUIET =
            AtomicIntegerFieldUpdater.newUpdater(PermitQueue.class, "quiet");

    private static final AtomicReferenceFieldUpdater<PermitQueue, Runnable> WHEN_QUIET =
            AtomicReferenceFieldUpdater.newUpdater(PermitQueue.class, Runnable.class, "whenQuiet");

    /** How many grants a writer makes before it lets them be handed over; the last piece of work goes on with it. */
    private static final int BATCH = 1_024;

    private final ModelKey key;
    private final LimiterCore core;
    private final Alarm alarm;
    private final HandOver.Work goOn = new GoOn();

    /** Calls that wait, those in the mailbox included. */
    private volatile int pending;
    /** Copies of the ledger's, for those who are not the writer. */
    private volatile int rateLimitsInARow;

    private volatile int generation;
    /** When to look again; written by the writer, passed on by whoever left. */
    private volatile long wakeAt = Long.MAX_VALUE;
    /** 1 while it is to be told that the queue is closed and no permit is held, 2 when it has been. */
    private volatile int quiet;

    private volatile @Nullable Runnable whenQuiet;

    // Owned by the writer.
    private final PermitLedger ledger;
    private final WaitingLine line = new WaitingLine();
    private final DeadlineHeap<Waiter> deadlines = new DeadlineHeap<>();
    private RateLimitProfile profile;
    /** What the profiles said, before anything was learned. */
    private RateLimitProfile declared;

    private long latest;
    private int open;
    private boolean closed;
    /** Whether it takes nobody in any more, and its model has another queue, or none. */
    private volatile boolean retired;

    PermitQueue(ModelKey key, RateLimitProfile profile, PermitLedger ledger, LimiterCore core) {
        this.key = key;
        this.profile = profile;
        this.declared = profile;
        this.ledger = ledger;
        this.core = core;
        this.alarm = new Alarm(core.time(), () -> run(() -> {}), refused -> run(() -> failAll(refused)));
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

    /** How long to wait after a refusal without a hint: longer than after the last one, if this is not part of that. */
    Duration ownBackoff(LivePermit permit) {
        int refusals = rateLimitsInARow + (permit.generation == generation ? 1 : 0);
        return core.backoff().delay(refusals, core.random().getAsDouble());
    }

    /** Of a hint as much as is believed. */
    Duration believed(Duration hint) {
        Duration most = core.classifier().maxWait();
        return hint.compareTo(most) < 0 ? hint : most;
    }

    FailureReading read(Throwable error) {
        return core.classifier().read(error, core.time().instant());
    }

    // ---- what callers do ----

    void acquire(Waiter waiter) {
        if (tryEnter()) {
            Decision decision;
            try {
                long now = now();
                waiter.enqueuedAt = now;
                decision = admit(waiter, now, true);
            } finally {
                leave();
            }
            switch (decision) {
                case GRANTED -> waiter.deliverGranted();
                case QUEUED, REFUSED -> waiter.deliverIfDecided();
                case GONE -> {}
                case MOVED -> core.successors().apply(waiter).acquire(waiter);
            }
        } else if (PENDING.incrementAndGet(this) > core.maxPending()) {
            PENDING.decrementAndGet(this);
            QueueFullException full = new QueueFullException(key, core.maxPending(), null);
            core.news().rejected(key, full);
            core.news().tell();
            waiter.refuse(full);
        } else {
            post(waiter);
        }
    }

    /** Has somebody else admit it, who hands over what becomes of it; it was counted as pending. */
    private void post(Waiter waiter) {
        waiter.enqueuedAt = core.time().nanos();
        post(() -> {
            PENDING.decrementAndGet(this);
            Decision decision = admit(waiter, now(), false);
            if (decision == Decision.REFUSED) {
                core.handOver().add(waiter);
            } else if (decision == Decision.MOVED) {
                PermitQueue successor = core.successors().apply(waiter);
                PENDING.incrementAndGet(successor);
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
            retired |= !closed && open == 0 && deadlines.isEmpty() && ledger.isIdle(now(), unusedFor);
            return retired;
        } finally {
            leave();
        }
    }

    boolean isRetired() {
        return retired;
    }

    void left(Waiter waiter) {
        run(() -> unlink(waiter));
    }

    void succeeded(LivePermit permit, TokenUsage usage) {
        run(() -> settleSucceeded(permit, usage));
    }

    void rateLimited(LivePermit permit, Duration delay, boolean hinted) {
        run(() -> settleRateLimited(permit, delay, hinted));
    }

    void headers(LivePermit permit, Function<? super String, ? extends @Nullable List<String>> headers) {
        List<StatedLimit> stated = stated(headers);
        if (!stated.isEmpty()) {
            run(() -> applyStated(permit, stated));
        }
    }

    void answered(LivePermit permit) {
        if (permit.isOpen()) {
            run(() -> applyAnswered(permit, 0));
        }
    }

    /** The answer has begun, and these are its headers. */
    void answered(LivePermit permit, Function<? super String, ? extends @Nullable List<String>> headers) {
        List<StatedLimit> stated = stated(headers);
        boolean open = permit.isOpen();
        long processing = open ? core.processingTime().nanos(headers) : 0;
        if (open || !stated.isEmpty()) {
            run(() -> {
                applyAnswered(permit, processing);
                if (!stated.isEmpty()) {
                    applyStated(permit, stated);
                }
            });
        }
    }

    private void applyAnswered(LivePermit permit, long processing) {
        long now = now();
        ledger.answered(permit, now - processing, now);
    }

    private List<StatedLimit> stated(Function<? super String, ? extends @Nullable List<String>> headers) {
        return RateLimitHeaders.of(headers, core.time().instant()).limits().stream()
                .filter(limit -> RateLimit.of(limit, core.window()) != null)
                .toList();
    }

    private void applyStated(LivePermit permit, List<StatedLimit> stated) {
        if (ledger.isOutOfDate(permit)) {
            return;
        }
        if (core.learnLimits()) {
            applyUpdate(LearnedLimits.of(profile, stated, core.window()));
        }
        ledger.stated(permit, stated, now());
    }

    void kept(LivePermit permit) {
        run(() -> {
            long now = now();
            end(permit);
            ledger.kept(permit, now);
            core.news().settled(permit, SettledAs.KEPT, TokenUsage.UNKNOWN, now);
        });
    }

    void abandoned(LivePermit permit) {
        run(() -> {
            long now = now();
            end(permit);
            ledger.abandoned(permit, now);
            core.news().settled(permit, SettledAs.ABANDONED, TokenUsage.UNKNOWN, now);
        });
    }

    /**
     * Other profiles apply. What is in force stays where that makes no difference for this key, such as limits that were
     * learned.
     *
     * @param resolve gives the profile of this key; asked by the writer, so that of two updates the last one counts
     */
    void update(Supplier<RateLimitProfile> resolve) {
        run(() -> {
            RateLimitProfile changed = resolve.get();
            if (!changed.equals(declared)) {
                declared = changed;
                applyUpdate(changed);
            }
        });
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
            closed = true;
            failAll(new LimiterDisposedException(key));
        });
        return true;
    }

    RateLimitState state() {
        Instant instant = core.time().instant();
        return ask(() -> ledger.state(now(), instant));
    }

    /** Before anybody else knows this queue. */
    void restore(RateLimitState known) {
        ledger.restore(known, now(), core.time().instant());
    }

    RateLimitSnapshot snapshot() {
        return ask(() -> {
            long now = now();
            LedgerView view = ledger.view(now);
            return new RateLimitSnapshot(
                    key,
                    view.profile(),
                    view.requests(),
                    view.tokens(),
                    view.averageRequests(),
                    view.averageTokens(),
                    view.cap(),
                    view.inFlight(),
                    line.size(),
                    Duration.ofNanos(now - line.waitingSince(now)),
                    Duration.ofNanos(view.pause()),
                    view.further());
        });
    }

    Duration estimateWait(PermitRequest request) {
        return ask(() -> {
            Ask probe = new Probe(request.estimate());
            RequestTooLargeException tooLarge = ledger.tooLarge(probe);
            if (tooLarge != null) {
                throw tooLarge;
            }
            long now = now();
            return Duration.ofNanos(likely(probe, now) - now);
        });
    }

    private <R> R ask(Supplier<R> read) {
        Question<R> question = new Question<>(read);
        run(question);
        return question.await();
    }

    // ---- admission, by the writer ----

    private enum Decision {
        GRANTED,
        QUEUED,
        REFUSED,
        GONE,
        MOVED
    }

    private Decision admit(Waiter waiter, long now, boolean onOwnThread) {
        if (waiter.state != Waiter.WAITING) {
            return Decision.GONE;
        }
        if (retired) {
            return Decision.MOVED;
        }
        SluiceException refusal = closed ? new LimiterDisposedException(key) : ledger.tooLarge(waiter);
        if (refusal == null) {
            Grant grant = line.isFirst(waiter) ? ledger.tryTake(waiter, now) : null;
            if (grant != null) {
                return grant(waiter, (LivePermit) grant, now, onOwnThread) ? Decision.GRANTED : Decision.GONE;
            }
            waiter.deadline = TimeSource.after(waiter.enqueuedAt, waiter.request.timeout());
            refusal = whyNotWait(waiter, now);
        }
        if (refusal != null) {
            core.news().rejected(key, refusal);
            return waiter.fail(refusal) ? Decision.REFUSED : Decision.GONE;
        }
        PENDING.incrementAndGet(this);
        line.add(waiter);
        deadlines.add(waiter);
        core.news().waiting(waiter, line.size());
        return Decision.QUEUED;
    }

    private @Nullable SluiceException whyNotWait(Waiter waiter, long now) {
        long possible =
                waiter.request.failFast() == FailFast.ESTIMATED ? likely(waiter, now) : ledger.readyAtBest(waiter, now);
        if (possible >= waiter.deadline || waiter.deadline <= now) {
            return timedOut(waiter, now, Math.max(possible, likely(waiter, now)));
        }
        if (pending >= core.maxPending()) {
            return new QueueFullException(key, core.maxPending(), Duration.ofNanos(likely(waiter, now) - now));
        }
        return null;
    }

    private long likely(Ask ask, long now) {
        boolean goesFirst = ask instanceof Waiter waiter && (waiter.isNested() || waiter.isReturning());
        return ledger.readyAtLikely(ask, line.sizeBefore(goesFirst), line.tokensBefore(goesFirst), now);
    }

    private AcquireTimeoutException timedOut(Waiter waiter, long now, long readyAt) {
        return new AcquireTimeoutException(
                key,
                waiter.estimate(),
                waiter.request.timeout(),
                waiter.waitedUntil(now),
                Duration.ofNanos(Math.max(0, readyAt - now)),
                ledger.view(now),
                line.size());
    }

    /** Gives the call what the ledger took for it, or gives that back if the call does not wait any more. */
    private boolean grant(Waiter waiter, LivePermit permit, long now, boolean onOwnThread) {
        if (!waiter.grant(permit, onOwnThread)) {
            ledger.abandoned(permit, now);
            return false;
        }
        open++;
        LivePermit lender = waiter.liveLender();
        if (lender != null && !permit.holdsSlot) {
            permit.borrowFrom(lender);
            core.news().nested(permit, lender);
        }
        Duration maxHold = waiter.maxHold();
        if (maxHold != null) {
            waiter.deadline = TimeSource.after(now, maxHold);
            deadlines.add(waiter);
        }
        if (!onOwnThread) {
            core.handOver().add(waiter);
        }
        core.news().granted(permit);
        return true;
    }

    // ---- looking, by the writer ----

    @Override
    protected void look() {
        if (deadlines.isEmpty()) {
            if (wakeAt != Long.MAX_VALUE) {
                wakeAt = Long.MAX_VALUE;
            }
        } else {
            long now = now();
            passDeadlines(now);
            long ready = grantNested(now);
            if (ready == Long.MAX_VALUE) {
                ready = grantWaiting(now);
            }
            wakeAt = Math.min(ready, deadlines.earliest());
        }
        if (closed && open == 0) {
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

    private void passDeadlines(long now) {
        while (deadlines.earliest() <= now) {
            Waiter waiter = deadlines.first();
            if (waiter.isQueued()) {
                unlink(waiter);
                AcquireTimeoutException reason = timedOut(waiter, now, ledger.readyAtLikely(waiter, 0, 0, now));
                if (waiter.fail(reason)) {
                    core.handOver().add(waiter);
                    core.news().rejected(key, reason);
                }
            } else {
                deadlines.remove(waiter);
                LivePermit permit = waiter.permit();
                // A slot that it lends or borrows is not its own to give back.
                permit.settle();
                ledger.reclaim(permit, now);
                permit.reclaimed();
                open--;
                core.news().reclaimed(permit, now);
            }
        }
    }

    /**
     * Nested calls go first: each is part of a call that keeps its slot until this one is done. One that finds no slot is
     * passed over, because a call that it waits for may be the next in line.
     *
     * @return when the windows have room for the first that lacks it, and so for anybody behind; else the largest long
     */
    private long grantNested(long now) {
        Waiter waiter = line.nested();
        while (waiter != null) {
            Waiter following = waiter.next;
            if (!serve(waiter, now) && !ledger.fits(waiter, now)) {
                return ledger.readyAt(waiter, now);
            }
            waiter = following;
        }
        return Long.MAX_VALUE;
    }

    /** Returns when the windows have room for the head of the queue; the largest long where it waits for a slot. */
    private long grantWaiting(long now) {
        for (int served = 0; served < BATCH; served++) {
            Waiter head = line.head();
            if (head == null) {
                return Long.MAX_VALUE;
            }
            if (!serve(head, now)) {
                long ready = ledger.readyAt(head, now);
                return ready > now ? ready : Long.MAX_VALUE;
            }
        }
        core.handOver().add(goOn);
        return Long.MAX_VALUE;
    }

    /** True if a queued call is out of the queue: it got its permit, or it has left. */
    private boolean serve(Waiter waiter, long now) {
        if (waiter.state == Waiter.WAITING) {
            Grant grant = ledger.tryTake(waiter, now);
            if (grant == null) {
                return false;
            }
            unlink(waiter);
            grant(waiter, (LivePermit) grant, now, false);
        } else {
            unlink(waiter);
        }
        return true;
    }

    /** Takes a waiting call out of the queue, if it is still in it. */
    private void unlink(Waiter waiter) {
        if (waiter.isQueued()) {
            deadlines.remove(waiter);
            line.remove(waiter);
            PENDING.decrementAndGet(this);
        }
    }

    // ---- settling, by the writer ----

    private void settleSucceeded(LivePermit permit, TokenUsage usage) {
        long now = now();
        int before = ledger.cap();
        boolean binding = lacksOnlySlot(line.head(), now) || lacksOnlySlot(line.nested(), now);
        end(permit);
        ledger.succeeded(permit, usage, binding, now);
        rateLimitsInARow = ledger.rateLimitsInARow();
        core.news().settled(permit, SettledAs.SUCCEEDED, usage, now);
        core.news().capChanged(key, before, ledger.cap());
    }

    private boolean lacksOnlySlot(@Nullable Waiter waiter, long now) {
        return waiter != null && ledger.lacksOnlySlot(waiter, now);
    }

    private void settleRateLimited(LivePermit permit, Duration delay, boolean hinted) {
        long now = now();
        int before = ledger.cap();
        long pausedBefore = ledger.pausedUntil();
        end(permit);
        ledger.rateLimited(permit, delay.toNanos(), hinted, now);
        generation = ledger.generation();
        rateLimitsInARow = ledger.rateLimitsInARow();
        core.news().rateLimited(permit, hinted ? delay : null);
        long paused = ledger.pausedUntil();
        if (paused > pausedBefore) {
            core.news().paused(key, Duration.ofNanos(Math.max(0, paused - now)));
        }
        core.news().capChanged(key, before, ledger.cap());
    }

    /** The call is over; before its slot is given back, because a call inside it may have it. */
    private void end(LivePermit permit) {
        Waiter waiter = permit.waiter();
        if (waiter.hasDeadline()) {
            deadlines.remove(waiter);
        }
        if (!permit.isReclaimed()) {
            open--;
        }
        permit.settle();
    }

    private void applyUpdate(RateLimitProfile changed) {
        if (changed.equals(profile)) {
            return;
        }
        int before = ledger.cap();
        core.news().profileChanged(key, profile, changed);
        profile = changed;
        ledger.update(changed, now());
        core.news().capChanged(key, before, ledger.cap());
        failTooLarge(line.nested());
        failTooLarge(line.returning());
        failTooLarge(line.fresh());
    }

    private void failTooLarge(@Nullable Waiter first) {
        Waiter waiter = first;
        while (waiter != null) {
            Waiter following = waiter.next;
            RequestTooLargeException reason = ledger.tooLarge(waiter);
            if (reason != null) {
                unlink(waiter);
                if (waiter.fail(reason)) {
                    core.handOver().add(waiter);
                    core.news().rejected(key, reason);
                }
            }
            waiter = following;
        }
    }

    /** Ends all waiting. Permits that are held stay so, and are not reclaimed any more. */
    private void failAll(RuntimeException reason) {
        while (!deadlines.isEmpty()) {
            Waiter waiter = deadlines.first();
            if (!waiter.isQueued()) {
                deadlines.remove(waiter);
                continue;
            }
            unlink(waiter);
            if (waiter.fail(reason)) {
                core.handOver().add(waiter);
                if (reason instanceof SluiceException told) {
                    core.news().rejected(key, told);
                }
            }
        }
    }

    private long now() {
        latest = Math.max(latest, core.time().nanos());
        return latest;
    }

    /** Goes on granting where the last writer stopped to let others have a turn. */
    private final class GoOn implements HandOver.Work {

        @Override
        public void run() {
            PermitQueue.this.run(() -> {});
        }

        @Override
        public void rejected(RejectedExecutionException reason) {
            PermitQueue.this.run(() -> failAll(reason));
        }
    }
}
