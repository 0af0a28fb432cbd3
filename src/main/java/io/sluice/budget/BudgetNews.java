package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.support.EventHub;
import io.sluice.time.TimeSource;
import reactor.core.publisher.Flux;

/** Makes the events of a tree, if anybody listens. Noted by the writer of the tree, told after it has left. */
final class BudgetNews implements Account.Watch {

    private final TimeSource time;
    private final EventHub<BudgetEvent> hub;

    BudgetNews(TimeSource time) {
        this.time = time;
        this.hub = new EventHub<>(time::scheduler);
    }

    Flux<BudgetEvent> events() {
        return hub.events();
    }

    void tell() {
        hub.tell();
    }

    void close() {
        hub.close();
    }

    @Override
    public void passed(Account account, Allowance allowance, int percent) {
        if (hub.isHeard()) {
            long spent = allowance.spent();
            hub.note(n -> new BudgetEvent.ThresholdReached(
                    n, time.instant(), account.path, allowance.dimension, percent, spent, allowance.limit));
        }
    }

    @Override
    public void overdrawn(Account account, Allowance allowance) {
        if (hub.isHeard()) {
            long overdraft = allowance.overdraft();
            hub.note(n -> new BudgetEvent.Overdrawn(
                    n, time.instant(), account.path, allowance.dimension, overdraft, allowance.limit));
        }
    }

    void reserved(Hold hold) {
        if (hub.isHeard()) {
            BudgetAmount amount = BudgetAmount.of(hold.tokens, hold.money, hold.calls);
            hub.note(n -> new BudgetEvent.Reserved(n, time.instant(), hold.account.path, amount));
        }
    }

    void toppedUp(Hold hold, long tokens, long money, long calls) {
        if (hub.isHeard()) {
            BudgetAmount amount = BudgetAmount.of(tokens, money, calls);
            hub.note(n -> new BudgetEvent.ToppedUp(n, time.instant(), hold.account.path, amount));
        }
    }

    void settled(Hold hold, long tokens, long money, long calls) {
        if (hub.isHeard()) {
            BudgetAmount reserved = BudgetAmount.of(hold.tokens, hold.money, hold.calls);
            BudgetAmount spent = BudgetAmount.of(tokens, money, calls);
            String path = hold.account.path;
            hub.note(n -> spent.equals(BudgetAmount.NONE)
                    ? new BudgetEvent.Released(n, time.instant(), path, reserved)
                    : new BudgetEvent.Committed(n, time.instant(), path, reserved, spent));
        }
    }

    void expired(Hold hold) {
        if (hub.isHeard()) {
            BudgetAmount spent = BudgetAmount.of(hold.tokens, hold.money, hold.calls);
            hub.note(n -> new BudgetEvent.Expired(n, time.instant(), hold.account.path, spent));
        }
    }

    void rejected(Account account, SluiceException reason) {
        if (hub.isHeard()) {
            hub.note(n -> new BudgetEvent.Rejected(n, time.instant(), account.path, reason));
        }
    }

    void commitFailed(Hold hold, Throwable reason) {
        if (hub.isHeard()) {
            BudgetAmount spent = BudgetAmount.of(hold.tokens, hold.money, hold.calls);
            hub.note(n -> new BudgetEvent.CommitFailed(n, time.instant(), hold.account.path, spent, reason));
        }
    }

    void opened(Account account) {
        if (hub.isHeard()) {
            hub.note(n -> new BudgetEvent.Opened(n, time.instant(), account.path, account.limits));
        }
    }

    void closed(Account account) {
        if (hub.isHeard()) {
            hub.note(n -> new BudgetEvent.Closed(n, time.instant(), account.path));
        }
    }
}
