package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.support.EventHub;
import io.sluice.time.TimeSource;
import java.time.Instant;
import reactor.core.publisher.Flux;

/** Makes the events of a tree, if anybody listens. Noted by the writer of the tree, told after it has left. */
final class BudgetNews implements Balance.Watch {

    private final TimeSource time;
    private final EventHub<BudgetEvent> hub;

    BudgetNews(TimeSource time) {
        this.time = time;
        this.hub = new EventHub<>(time::scheduler);
    }

    /**
     * @param heard done when somebody has begun to listen
     */
    Flux<BudgetEvent> events(Runnable heard) {
        return HeardFlux.of(hub.events(), heard);
    }

    void tell() {
        hub.tell();
    }

    void close() {
        hub.close();
    }

    @Override
    public void passed(String path, Allowance allowance, int percent) {
        if (hub.isHeard()) {
            long spent = allowance.spent();
            long limit = allowance.limit();
            hub.note(n -> new BudgetEvent.ThresholdReached(
                    n, time.instant(), path, allowance.dimension, percent, spent, limit));
        }
    }

    @Override
    public void overdrawn(String path, Allowance allowance) {
        if (hub.isHeard()) {
            long overdraft = allowance.overdraft();
            long limit = allowance.limit();
            hub.note(n -> new BudgetEvent.Overdrawn(n, time.instant(), path, allowance.dimension, overdraft, limit));
        }
    }

    @Override
    public void turned(String path, BudgetAmount before, Instant begun) {
        if (hub.isHeard()) {
            hub.note(n -> new BudgetEvent.WindowBegan(n, time.instant(), path, begun, before));
        }
    }

    boolean isHeard() {
        return hub.isHeard();
    }

    void waiting(Account account, LiveReservation call) {
        if (hub.isHeard()) {
            BudgetAmount amount = call.asked().amount();
            hub.note(n -> new BudgetEvent.Waiting(n, time.instant(), call.path(), account.path, amount));
        }
    }

    void topUpAsked(Account account, BudgetExceededException reason) {
        if (hub.isHeard()) {
            hub.note(n -> new BudgetEvent.TopUpAsked(n, time.instant(), account.path, reason));
        }
    }

    void raised(Account account, Amounts more) {
        if (hub.isHeard()) {
            hub.note(n -> new BudgetEvent.Raised(n, time.instant(), account.path, more.amount()));
        }
    }

    void unkept(Account root, SluiceException reason) {
        if (hub.isHeard()) {
            hub.note(n -> new BudgetEvent.Unkept(n, time.instant(), root.path, reason));
        }
    }

    void keptAgain(Account root) {
        if (hub.isHeard()) {
            hub.note(n -> new BudgetEvent.KeptAgain(n, time.instant(), root.path));
        }
    }

    void reserved(Hold hold) {
        if (hub.isHeard()) {
            BudgetAmount amount = hold.held.amount();
            hub.note(n -> new BudgetEvent.Reserved(n, time.instant(), hold.account.path, amount));
        }
    }

    void toppedUp(Hold hold, Amounts more) {
        if (hub.isHeard()) {
            BudgetAmount amount = more.amount();
            hub.note(n -> new BudgetEvent.ToppedUp(n, time.instant(), hold.account.path, amount));
        }
    }

    void settled(Hold hold, Amounts used) {
        if (hub.isHeard()) {
            BudgetAmount reserved = hold.held.amount();
            BudgetAmount spent = used.amount();
            String path = hold.account.path;
            hub.note(n -> spent.equals(BudgetAmount.NONE)
                    ? new BudgetEvent.Released(n, time.instant(), path, reserved)
                    : new BudgetEvent.Committed(n, time.instant(), path, reserved, spent));
        }
    }

    void expired(Hold hold) {
        if (hub.isHeard()) {
            BudgetAmount spent = hold.held.amount();
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
            BudgetAmount spent = hold.held.amount();
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
