package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.support.HandOver;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of calls that do not fit: whether they may wait, and for how long it is worth it.
 *
 * <p>For the one thread that may touch the tree.
 */
final class ExhaustedCalls implements WaitingLine.Door {

    private final BudgetTree tree;
    private final WaitingLine line = new WaitingLine(this);

    /** Budgets that somebody is being asked for. */
    private final Set<Account> asked = new HashSet<>();

    private long order;

    ExhaustedCalls(BudgetTree tree) {
        this.tree = tree;
    }

    boolean areNone() {
        return line.isEmpty();
    }

    /** The innermost budget around a call that others wait for already; null where nobody does. */
    @Nullable
    Account before(Account account) {
        return line.before(account);
    }

    /** Puts a call in line; null where it may not wait. */
    @Nullable
    Waiter tryWait(LiveReservation call, Account at, HandOver.Work then, Moment now) {
        if (!tree.exhausted.waits()) {
            return null;
        }
        Waiter waiter = new Waiter(tree, call, then, ++order, now);
        if (!mayWait(waiter, at, now)) {
            return null;
        }
        line.add(waiter, at);
        tree.news.waiting(at, call);
        return waiter;
    }

    @Override
    public boolean mayWait(Waiter waiter, Account at, Moment now) {
        LiveReservation call = waiter.reservation;
        if (at.isClosed() || at.balance.isOver()) {
            return false;
        }
        if (tree.exhausted.topUp() != null) {
            return !at.balance.refuses(call.asked()) || (!waiter.hadTopUp(at) && hasAsked(waiter, at, now));
        }
        // Calls in flight may turn out to cost nothing; what was spent stays so until the window lets go of it.
        long admits = at.balance.admitsAt(call.asked(), false, now);
        long left = Duration.ofNanos(waiter.ends - now.nanos()).toMillis();
        return admits != Long.MAX_VALUE && admits - now.millis() <= left;
    }

    private boolean hasAsked(Waiter waiter, Account at, Moment now) {
        TopUp topUp = tree.exhausted.topUp();
        if (topUp != null
                && waiter.reservation.refusalAt(at, now) instanceof BudgetExceededException reason
                && asked.add(at)) {
            TopUp.Request request = new TopUp.Request(at.path, waiter.reservation.charge(), reason, at.view(now));
            tree.news.topUpAsked(at, reason);
            tree.ask(topUp, request, at);
        }
        return true;
    }

    /** A top-up was decided. Whoever still does not fit has had it. */
    void answered(Account at, Amounts more, @Nullable Throwable refused, Moment now) {
        asked.remove(at);
        List<Waiter> shared = line.at(at);
        if (!more.isNone()) {
            at.balance.age(now);
            at.balance.raise(more, now);
            tree.news.raised(at, more);
            tree.recordRaise(at, more, now);
        }
        for (Waiter waiter : shared) {
            waiter.hasHadTopUp(at);
        }
        for (Waiter waiter : shared) {
            if (more.isNone()) {
                line.remove(waiter);
                refuse(waiter, at, refused, now);
            }
        }
    }

    /** Lets in whoever fits. */
    void look(Moment now) {
        line.look(now);
    }

    long nextChange() {
        return line.nextChange();
    }

    void left(Waiter waiter) {
        line.remove(waiter);
        waiter.leave();
    }

    void timedOut(Waiter waiter, Moment now) {
        Account at = waiter.at;
        if (at != null) {
            line.remove(waiter);
            refuse(waiter, at, now);
        }
    }

    /** A budget was disposed of. */
    void closed(Account account, Moment now) {
        for (Waiter waiter : line.within(account)) {
            line.remove(waiter);
            refuse(waiter, account, now);
        }
    }

    @Override
    public void admit(Waiter waiter, Moment now) {
        waiter.leave();
        waiter.reservation.admitted(waiter.then, now);
    }

    @Override
    public void refuse(Waiter waiter, Account at, Moment now) {
        refuse(waiter, at, null, now);
    }

    private void refuse(Waiter waiter, Account at, @Nullable Throwable cause, Moment now) {
        waiter.leave();
        SluiceException why = waiter.reservation.refusalAt(at, now);
        if (why instanceof BudgetExceededException exceeded) {
            why = (cause == null ? exceeded : exceeded.because(cause)).after(waiter.waited(now));
        }
        waiter.reservation.refuse(why);
        tree.handOver(waiter.then);
    }
}
