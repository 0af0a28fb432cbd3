package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.support.HandOver;
import io.sluice.support.SingleWriter;
import io.sluice.time.TimeSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tree of budgets as one thing that one thread at a time may touch. What is decided while nobody else is at it goes on where
 * it is; who finds somebody leaves a note, and a call that so has to wait is handed over to the scheduler.
 */
final class BudgetTree extends SingleWriter {

    final TimeSource time;
    final BudgetNews news;
    final Costs costs;

    private final HandOver handOver;

    BudgetTree(TimeSource time, BudgetNews news, Costs costs) {
        this.time = time;
        this.news = news;
        this.costs = costs;
        this.handOver = new HandOver(time::scheduler);
    }

    // ---- reservations ----

    /**
     * Has it decided whether a call gets its reservation.
     *
     * @param then what goes on with it where it is decided by another thread
     * @return whether it is decided now
     */
    boolean reserve(LiveReservation reservation, HandOver.Work then) {
        if (tryEnter()) {
            try {
                reservation.decide(time.nanos());
            } finally {
                leave();
            }
            return true;
        }
        post(() -> {
            reservation.decide(time.nanos());
            handOver.add(then);
        });
        return false;
    }

    /** As {@link #reserve}, but waits for whoever is at it. */
    void reserveNow(LiveReservation reservation) {
        if (tryEnter()) {
            try {
                reservation.decide(time.nanos());
            } finally {
                leave();
            }
        } else {
            Inquiry<Void> inquiry = new Inquiry<>(() -> {
                reservation.decide(time.nanos());
                return null;
            });
            post(inquiry);
            inquiry.await();
        }
    }

    void commit(LiveReservation reservation, long tokens, long money, long calls) {
        if (tryEnter()) {
            try {
                reservation.end(tokens, money, calls);
            } finally {
                leave();
            }
        } else {
            post(() -> reservation.end(tokens, money, calls));
        }
    }

    void commitInFull(LiveReservation reservation, @Nullable Throwable because) {
        run(() -> reservation.endInFull(because));
    }

    void expire(LiveReservation reservation) {
        run(reservation::expire);
    }

    /** Reserves so much more; null, or why not. */
    @Nullable
    SluiceException extend(LiveReservation reservation, long tokens, long money) {
        return ask(() -> reservation.extend(tokens, money, time.nanos()));
    }

    /** Spends what an attempt has cost, and reserves as much again; null, or why not. */
    @Nullable
    SluiceException again(LiveReservation reservation, long tokens, long money, long calls) {
        return ask(() -> reservation.again(tokens, money, calls, time.nanos()));
    }

    // ---- the tree ----

    @Nullable
    Account child(Account parent, String name, BudgetLimits limits) {
        return ask(() -> {
            Account child = parent.child(name, limits, time.nanos());
            news.opened(child);
            return child;
        });
    }

    void close(Account account) {
        run(() -> {
            if (account.close()) {
                news.closed(account);
            }
        });
        if (account.parent == null) {
            news.close();
        }
    }

    @Nullable
    BudgetSnapshot snapshot(Account account) {
        return ask(() -> account.view(time.nanos()));
    }

    private <R> @Nullable R ask(Supplier<? extends @Nullable R> decide) {
        Inquiry<R> inquiry = new Inquiry<>(decide);
        run(inquiry);
        return inquiry.await();
    }

    @Override
    protected void look() {}

    @Override
    protected void afterwards() {
        handOver.start();
        news.tell();
    }
}
