package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.support.HandOver;
import io.sluice.support.SingleWriter;
import io.sluice.time.Alarm;
import io.sluice.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A tree of budgets as one thing that one thread at a time may touch. What is decided while nobody else is at it goes on where
 * it is; who finds somebody leaves a note, and a call that so has to wait is handed over to the scheduler.
 */
final class BudgetTree extends SingleWriter {

    /** A suspended machine's timer stands still and its calendar does not, so nobody sleeps longer than this, in nanoseconds. */
    private static final long LONGEST_SLEEP = 60_000_000_000L;

    final TimeSource time;
    final BudgetNews news;
    final Costs costs;
    final WhenExhausted exhausted;

    private final HandOver handOver;
    private final ExhaustedCalls waiting = new ExhaustedCalls(this);
    private final @Nullable Recorder recorder;
    private final Alarm alarm;

    /** What the writer leaves to be done by whoever is no writer any more; of those there may be several at a time. */
    private final Queue<Runnable> later = new ConcurrentLinkedQueue<>();

    /** Budgets with a window of the calendar, for those who listen for its end. */
    private final List<Account> windowed = new ArrayList<>();

    /** Whether anything here depends on instants, which are not asked for otherwise. */
    private volatile boolean timed;

    BudgetTree(TimeSource time, BudgetNews news, Costs costs, WhenExhausted exhausted, @Nullable Recorder recorder) {
        this.time = time;
        this.news = news;
        this.costs = costs;
        this.exhausted = exhausted;
        this.recorder = recorder;
        this.timed = recorder != null;
        this.handOver = new HandOver(time::scheduler);
        this.alarm = new Alarm(time, this::wake, reason -> {});
    }

    Moment now() {
        return new Moment(time.nanos(), timed ? time.instant().toEpochMilli() : 0);
    }

    /** The same for an ending, which time means nothing to where instants do not. */
    Moment endingNow() {
        return timed ? now() : Moment.ANY;
    }

    // ---- reservations ----

    /**
     * Has it decided whether a call gets its reservation.
     *
     * @param then what goes on with it where it is decided by another thread, or later
     * @return whether it is decided now
     */
    boolean reserve(LiveReservation reservation, HandOver.Work then) {
        if (tryEnter()) {
            try {
                return reservation.decide(then, now());
            } finally {
                leave();
            }
        }
        post(() -> {
            if (reservation.decide(then, now())) {
                handOver.add(then);
            }
        });
        return false;
    }

    /** As {@link #reserve}, but waits for whoever is at it, and for nothing else. */
    void reserveNow(LiveReservation reservation) {
        if (tryEnter()) {
            try {
                reservation.decideNow(now());
            } finally {
                leave();
            }
        } else {
            ask(() -> {
                reservation.decideNow(now());
                return null;
            });
        }
    }

    void commit(LiveReservation reservation, Amounts used) {
        if (tryEnter()) {
            try {
                reservation.end(used);
            } finally {
                leave();
            }
        } else {
            post(() -> reservation.end(used));
        }
    }

    void commitInFull(LiveReservation reservation, @Nullable Throwable because) {
        run(() -> reservation.endInFull(because));
    }

    void expire(LiveReservation reservation) {
        run(reservation::lapse);
    }

    /** Reserves so much more; null, or why not. */
    @Nullable
    SluiceException extend(LiveReservation reservation, Amounts more, boolean quietly) {
        return ask(() -> reservation.extend(more, quietly, now()));
    }

    /** Spends what an attempt has cost, and reserves as much again; null, or why not. */
    @Nullable
    SluiceException again(LiveReservation reservation, Amounts used) {
        return ask(() -> reservation.again(used, now()));
    }

    /** Has something done when all that was decided before is kept; where nothing is, at once. */
    void whenKept(HandOver.Work then) {
        Recorder kept = recorder;
        if (kept == null) {
            then.run();
        } else {
            run(() -> kept.after(then));
        }
    }

    /**
     * What a call waited for is written down, or cannot be.
     *
     * @param unkept the reservation that so must not be used; null where it may, or it was an ending
     */
    void goOn(HandOver.Work then, @Nullable LiveReservation unkept, @Nullable SluiceException reason) {
        if (unkept != null && reason != null) {
            run(() -> {
                unkept.unkept(reason);
                handOver.add(then);
            });
        } else {
            handOver.add(then);
            handOver.start();
        }
    }

    // ---- for what is decided, by the writer ----

    @Nullable
    Recorder recorder() {
        return recorder;
    }

    ExhaustedCalls waiting() {
        return waiting;
    }

    void handOver(HandOver.Work then) {
        handOver.add(then);
    }

    /** Has something done when nobody is kept out by it. */
    void later(Runnable what) {
        later.add(what);
    }

    void recordRaise(Account account, Amounts more, Moment now) {
        if (recorder != null) {
            recorder.raised(account, more, now);
        }
    }

    void ask(TopUp topUp, TopUp.Request request, Account account) {
        later.add(() -> new TopUpCall(this, account).ask(topUp, request));
    }

    void answered(Account account, Amounts more, @Nullable Throwable refused) {
        run(() -> waiting.answered(account, more, refused, now()));
    }

    void timedOut(Waiter waiter) {
        run(() -> waiting.timedOut(waiter, now()));
    }

    // ---- the tree ----

    /** From now on instants matter. */
    void startCalendar() {
        timed = true;
    }

    /**
     * Before anybody else uses the tree.
     *
     * @param recovery what became of the calls of an earlier process
     */
    void begin(Account root, List<BudgetRecord> recovery) {
        run(() -> {
            watch(root);
            Recorder kept = recorder;
            if (kept != null) {
                kept.begin(this, root);
                kept.opened(root);
                recovery.forEach(kept::note);
            }
        });
    }

    private void watch(Account account) {
        BudgetWindow window = account.limits.window();
        if (window != null && !window.isRolling()) {
            windowed.add(account);
        }
    }

    @Nullable
    Account child(Account parent, String name, BudgetLimits limits) {
        return ask(() -> {
            timed |= limits.window() != null;
            Account child = parent.child(name, limits, now());
            watch(child);
            news.opened(child);
            if (recorder != null) {
                recorder.opened(child);
            }
            return child;
        });
    }

    void close(Account account) {
        run(() -> {
            if (account.close()) {
                windowed.removeIf(one -> one.isWithin(account));
                news.closed(account);
                if (recorder != null) {
                    recorder.closed(account, now());
                }
                waiting.closed(account, now());
            }
        });
        if (account.parent == null) {
            alarm.dispose();
            news.close();
        }
    }

    @Nullable
    BudgetSnapshot snapshot(Account account) {
        return ask(() -> account.view(now()));
    }

    /** Somebody listens: ends of windows are told when they are there, and not when somebody notices. */
    void listen() {
        wake();
    }

    private void wake() {
        run(() -> {
            Moment now = now();
            long next = Long.MAX_VALUE;
            if (news.isHeard()) {
                for (Account account : windowed) {
                    account.balance.age(now);
                    next = Math.min(next, account.balance.windowEnd());
                }
            }
            wakeAt(next, now);
        });
    }

    private void wakeAt(long millis, Moment now) {
        if (millis != Long.MAX_VALUE) {
            long wait = Math.max(0, millis - now.millis());
            long sleep = wait > LONGEST_SLEEP / 1_000_000 ? LONGEST_SLEEP : wait * 1_000_000;
            later.add(() -> alarm.at(now.nanos() + sleep));
        }
    }

    private <R> @Nullable R ask(Supplier<? extends @Nullable R> decide) {
        Inquiry<R> inquiry = new Inquiry<>(decide);
        run(inquiry);
        return inquiry.await();
    }

    @Override
    protected void look() {
        if (!waiting.areNone()) {
            Moment now = now();
            waiting.look(now);
            wakeAt(waiting.nextChange(), now);
        }
    }

    @Override
    protected void afterwards() {
        for (Runnable next = later.poll(); next != null; next = later.poll()) {
            next.run();
        }
        if (recorder != null) {
            recorder.tell();
        }
        handOver.start();
        news.tell();
    }
}
