package io.sluice.budget;

import io.sluice.support.HandOver;
import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A call that stands in line for a budget. Its place belongs to the writer of the tree. */
final class Waiter implements Timeout.Task {

    final LiveReservation reservation;

    /** What goes on with the call when it is decided. */
    final HandOver.Work then;

    final long since;
    final long ends;

    /** The place in all lines of the tree: the lower, the earlier. */
    final long order;

    private final BudgetTree tree;

    /** Where it waits. */
    @Nullable
    Account at;

    /** Whose top-ups it has had a share of already. */
    private final List<Account> toppedUp = new ArrayList<>(1);

    private volatile @Nullable Timeout timeout;
    private volatile boolean over;

    Waiter(BudgetTree tree, LiveReservation reservation, HandOver.Work then, long order, Moment now) {
        this.tree = tree;
        this.reservation = reservation;
        this.then = then;
        this.order = order;
        this.since = now.nanos();
        this.ends = TimeSource.after(now.nanos(), tree.exhausted.atMost());
    }

    boolean hadTopUp(Account account) {
        return toppedUp.contains(account);
    }

    void hasHadTopUp(Account account) {
        toppedUp.add(account);
    }

    Duration waited(Moment now) {
        return Duration.ofNanos(now.nanos() - since);
    }

    /** Begins to wait for the end. Not as the writer: a virtual scheduler may tell it at once. */
    void arm() {
        if (ends != Long.MAX_VALUE) {
            timeout = tree.time.schedule(ends, this);
            if (over) {
                disarm();
            }
        }
    }

    void leave() {
        over = true;
        disarm();
    }

    private void disarm() {
        Timeout standing = timeout;
        if (standing != null) {
            standing.dispose();
        }
    }

    @Override
    public void due() {
        if (over) {
            return;
        }
        if (tree.time.nanos() >= ends) {
            tree.timedOut(this);
        } else {
            arm();
        }
    }

    @Override
    public void rejected(RejectedExecutionException reason) {
        then.rejected(reason);
    }
}
