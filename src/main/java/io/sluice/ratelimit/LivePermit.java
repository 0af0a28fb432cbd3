package io.sluice.ratelimit;

import io.sluice.FailureClass;
import io.sluice.call.AnswerListener;
import io.sluice.failure.FailureReading;
import io.sluice.failure.ProviderFailure;
import io.sluice.failure.WaitHint;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A permit as the queue keeps it: what the ledger wrote down, its one outcome, and whose slot it lends or borrows. */
final class LivePermit extends Grant implements Permit, AnswerListener {

    private static final AtomicIntegerFieldUpdater<LivePermit> HEARD =
            AtomicIntegerFieldUpdater.newUpdater(LivePermit.class, "heard");

    private static final AtomicReferenceFieldUpdater<LivePermit, Nesting> NESTING =
            AtomicReferenceFieldUpdater.newUpdater(LivePermit.class, Nesting.class, "nesting");

    private static final int ENDED = 1;
    private static final int ANSWERED = 2;

    private static final int MAX_CAUSES = 32;

    private final Waiter waiter;

    /** {@link #ENDED} as soon as an outcome was told, {@link #ANSWERED} as soon as an answer was heard of. */
    private volatile int heard;

    /** Made when it is first needed; by any thread. */
    private volatile @Nullable Nesting nesting;

    // Owned by the writer of the queue.
    private final long number;
    private boolean settled;
    private boolean reclaimed;

    LivePermit(Waiter waiter) {
        this.waiter = waiter;
        this.number = waiter.queue.nextNumber();
    }

    long number() {
        return number;
    }

    /** Numbers are given by the writer of the queue, so they are in order. */
    @Override
    long order() {
        return number;
    }

    Waiter waiter() {
        return waiter;
    }

    /** By the writer: the innermost call around this one, itself included, that is not over. */
    @Nullable
    LivePermit innermostLive() {
        LivePermit permit = this;
        while (permit != null && permit.settled) {
            permit = permit.waiter.lender();
        }
        return permit;
    }

    /** By the writer: whether a call inside this one can use its slot. */
    boolean canLend() {
        Nesting known = nesting;
        return !settled && (known == null || known.borrower == null);
    }

    /** By the writer: this call runs inside another one, in its slot. */
    void borrowFrom(LivePermit outer) {
        nesting().lender = outer;
        outer.nesting().borrower = this;
    }

    /** By the writer: the call is over. A call that runs in its slot takes its place. */
    void settle() {
        settled = true;
        Nesting known = nesting;
        if (known == null) {
            return;
        }
        LivePermit inner = known.borrower;
        LivePermit outer = known.lender;
        known.borrower = null;
        known.lender = null;
        if (inner != null) {
            inner.nesting().lender = outer;
            inner.holdsSlot = holdsSlot;
            holdsSlot = false;
        }
        if (outer != null) {
            outer.nesting().borrower = inner;
        }
    }

    private Nesting nesting() {
        Nesting known = nesting;
        if (known != null) {
            return known;
        }
        Nesting fresh = new Nesting();
        return NESTING.compareAndSet(this, null, fresh) ? fresh : nesting();
    }

    /** By the writer: the permit was held too long, and its slot given to others. */
    void reclaimed() {
        reclaimed = true;
    }

    boolean isReclaimed() {
        return reclaimed;
    }

    private boolean end() {
        return hears(ENDED);
    }

    /** False where it was heard before. */
    private boolean hears(int what) {
        for (; ; ) {
            int before = heard;
            if ((before & what) != 0) {
                return false;
            }
            if (HEARD.compareAndSet(this, before, before | what)) {
                return true;
            }
        }
    }

    @Override
    public String id() {
        return waiter.queue.permitName(number);
    }

    @Override
    public ModelKey key() {
        return waiter.key();
    }

    @Override
    public TokenEstimate estimate() {
        return waiter.estimate();
    }

    @Override
    public Duration waited() {
        return waiter.waitedUntil(grantedAt);
    }

    @Override
    public void succeeded(TokenUsage usage) {
        Objects.requireNonNull(usage, "usage");
        if (end()) {
            waiter.queue.succeeded(this, usage);
        }
    }

    @Override
    public Duration rateLimited(ProviderFailure failure) {
        return rateLimited(failure.retryAfter());
    }

    private Duration rateLimited(@Nullable Duration hint) {
        // No time at all, beside a refusal, says nothing.
        Duration asked = hint != null && hint.isZero() ? null : hint;
        Duration delay = asked != null ? waiter.queue.believed(asked) : waiter.queue.ownBackoff(this);
        if (end()) {
            waiter.queue.rateLimited(this, delay, asked != null);
        }
        return delay;
    }

    @Override
    public void failed(Throwable error) {
        if ((heard & ENDED) != 0) {
            return;
        }
        if (isOfCallWithin(error)) {
            release();
            return;
        }
        FailureReading reading = waiter.queue.read(error);
        if (reading.failureClass() == FailureClass.RATE_LIMIT) {
            WaitHint hint = reading.hint();
            Duration unused = rateLimited(hint == null ? null : hint.delay());
        } else if (reading.nothingSent()) {
            abandon();
        } else {
            release();
        }
    }

    @Override
    public void headers(Function<? super String, ? extends @Nullable List<String>> headers) {
        waiter.queue.headers(this, headers);
    }

    /** A call within this one ended with this error, which so says nothing about this one. */
    void failedWithin(Throwable error) {
        nesting().errorWithin = error;
    }

    private boolean isOfCallWithin(Throwable error) {
        Nesting known = nesting;
        Throwable within = known == null ? null : known.errorWithin;
        Throwable at = within == null ? null : error;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            if (at == within) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    /** The first answer is that of the call itself; those of others that it makes along the way say nothing here. */
    @Override
    public void answered(Function<? super String, ? extends @Nullable List<String>> headers) {
        if (hears(ANSWERED)) {
            waiter.queue.answered(this, headers);
        }
    }

    @Override
    public void answered() {
        waiter.queue.answered(this);
    }

    @Override
    public void release() {
        if (end()) {
            waiter.queue.kept(this);
        }
    }

    @Override
    public void abandon() {
        if (end()) {
            waiter.queue.abandoned(this);
        }
    }

    @Override
    public String toString() {
        return "Permit[" + id() + ", " + key() + ", " + estimate() + "]";
    }
}
