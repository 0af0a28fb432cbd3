package io.sluice.ratelimit;

import io.sluice.SluiceException;
import io.sluice.failure.FailureClassifier;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/** A permit as the queue keeps it: what the ledger wrote down, its one outcome, and whose slot it lends or borrows. */
final class LivePermit extends Grant implements Permit {

    private static final AtomicIntegerFieldUpdater<LivePermit> ENDED =
            AtomicIntegerFieldUpdater.newUpdater(LivePermit.class, "ended");

    private final Waiter waiter;

    /** 1 as soon as an outcome was told. */
    @SuppressWarnings("UnusedVariable") // read and written by its updater
    private volatile int ended;

    // Owned by the writer of the queue.
    private final long number;
    private boolean settled;
    private boolean reclaimed;
    private @Nullable LivePermit lender;
    private @Nullable LivePermit borrower;

    LivePermit(Waiter waiter) {
        super(waiter.estimate());
        this.waiter = waiter;
        this.number = waiter.queue.nextNumber();
    }

    Waiter waiter() {
        return waiter;
    }

    /** By the writer: whether a call inside this one can use its slot. */
    boolean canLend() {
        return !settled && borrower == null;
    }

    /** By the writer: this call runs inside another one, in its slot. */
    void borrowFrom(LivePermit outer) {
        lender = outer;
        outer.borrower = this;
    }

    /** By the writer: the call is over. A call that runs in its slot takes its place. */
    void settle() {
        settled = true;
        LivePermit inner = borrower;
        LivePermit outer = lender;
        borrower = null;
        lender = null;
        if (inner != null) {
            inner.lender = outer;
            inner.holdsSlot = holdsSlot;
            holdsSlot = false;
        }
        if (outer != null) {
            outer.borrower = inner;
        }
    }

    /** By the writer: the permit was held too long, and its slot given to others. */
    void reclaimed() {
        reclaimed = true;
    }

    boolean isReclaimed() {
        return reclaimed;
    }

    private boolean end() {
        return ENDED.compareAndSet(this, 0, 1);
    }

    @Override
    public String id() {
        return waiter.queue.permitName(number);
    }

    @Override
    public ModelKey key() {
        return waiter.request.key();
    }

    @Override
    public TokenEstimate estimate() {
        return estimate;
    }

    @Override
    public Duration waited() {
        return waiter.waitedUntil(grantedAt);
    }

    @Override
    public void succeeded(TokenUsage usage) {
        if (end()) {
            waiter.queue.succeeded(this, usage);
        }
    }

    @Override
    public Duration rateLimited(SluiceException failure) {
        Duration hint = failure.retryAfter();
        if (end()) {
            waiter.queue.rateLimited(this, hint);
        }
        return hint != null ? hint : waiter.queue.ownBackoff();
    }

    @Override
    public void failed(Throwable error) {
        if (FailureClassifier.nothingSent(error)) {
            abandon();
        } else {
            release();
        }
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
        return "Permit[" + id() + ", " + key() + ", " + estimate + "]";
    }
}
