package io.sluice.budget;

import io.sluice.SluiceException;
import io.sluice.budget.BudgetStore.Book;
import io.sluice.support.HandOver;
import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.util.concurrent.Queues;

/**
 * Writes down what happens in a tree, in the order in which it was decided. The writer of the tree only notes it; it is told to
 * the book by whoever is no writer any more, one thread at a time. What must not go on before it is kept stands here until the
 * book says so.
 *
 * <p>Beside the book it keeps what the records amount to. When one could not be kept, the whole of that is written instead,
 * every second until it succeeds; until then endings go on, because those calls are paid for, and nothing is admitted.
 */
final class Recorder {

    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** What is to be told to the book, or was told by it. */
    private interface Item {}

    /**
     * A change, or where there is none, a mark behind all those before it.
     *
     * @param held whose right to be sent depends on it
     * @param then what goes on when it is kept
     */
    private record Note(
            @Nullable BudgetRecord change, @Nullable LiveReservation held, HandOver.@Nullable Work then)
            implements Item {}

    /** The book has answered the oldest that it has not yet. */
    private record Answer(@Nullable SluiceException failure, boolean ofSnapshot) implements Item {}

    /** It is time to try again. */
    private enum Again implements Item {
        NOW
    }

    private final Book book;
    private final BudgetState state;
    private final Queue<Item> items = Queues.<Item>unboundedMultiproducer().get();
    private final AtomicInteger wip = new AtomicInteger();

    private @Nullable BudgetTree tree;
    private @Nullable Account root;
    private volatile @Nullable BudgetNotKeptException failure;

    // Owned by the holder of wip.

    /** What the book has not answered yet, and the marks between. */
    private final Deque<Note> open = new ArrayDeque<>();

    private boolean compacting;
    /** Whether what is noted would stand behind something that is missing. */
    private boolean broken;

    /** Whether it will be tried again. */
    private boolean waits;

    Recorder(Book book, BudgetState state) {
        this.book = book;
        this.state = state;
    }

    void begin(BudgetTree of, Account itsRoot) {
        tree = of;
        root = itsRoot;
    }

    /** Why nothing is admitted; null where all is well. */
    @Nullable
    BudgetNotKeptException failure() {
        return failure;
    }

    Book book() {
        return book;
    }

    // ---- by the writer of the tree ----

    void opened(Account account) {
        Account parent = account.parent;
        note(new BudgetRecord.Opened(
                account.id,
                parent == null ? 0 : parent.id,
                account.path,
                account.limits,
                Instant.ofEpochMilli(account.madeAt)));
    }

    void closed(Account account, Moment now) {
        note(new BudgetRecord.Closed(account.id, at(now)));
    }

    void held(LiveReservation hold, HandOver.@Nullable Work then, Moment now) {
        items.offer(new Note(
                new BudgetRecord.Held(hold.id, hold.account.id, hold.held.amount(), at(now)),
                then == null ? null : hold,
                then));
    }

    void spent(LiveReservation hold, Amounts used, boolean ended, Moment now) {
        note(new BudgetRecord.Spent(hold.account.id, hold.id, used.amount(), ended, at(now)));
    }

    /** What had expired was settled after all. */
    void corrected(LiveReservation hold, Amounts used, Moment now) {
        Account account = hold.account.standing();
        Amounts less = hold.held.less(used);
        Amounts more = used.less(hold.held);
        if (!less.isNone()) {
            note(new BudgetRecord.Refunded(account.id, less.amount(), Instant.ofEpochMilli(hold.expiredAt), at(now)));
        }
        if (!more.isNone()) {
            note(new BudgetRecord.Spent(account.id, 0, more.amount(), false, at(now)));
        }
    }

    void raised(Account account, Amounts more, Moment now) {
        note(new BudgetRecord.Raised(account.id, more.amount(), at(now)));
    }

    void note(BudgetRecord change) {
        items.offer(new Note(change, null, null));
    }

    /** Has something done when all that was noted before is kept. */
    void after(HandOver.Work then) {
        items.offer(new Note(null, null, then));
    }

    private static Instant at(Moment now) {
        return Instant.ofEpochMilli(now.millis());
    }

    // ---- by anybody who is not ----

    /** Tells what was noted. Never as the writer of the tree: a book may answer at once. */
    void tell() {
        if (items.isEmpty() || wip.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            for (Item item = items.poll(); item != null; item = items.poll()) {
                if (item instanceof Note note) {
                    tell(note);
                } else if (item instanceof Answer answer) {
                    answered(answer);
                } else {
                    waits = false;
                    compact();
                }
            }
            missed = wip.addAndGet(-missed);
        } while (missed != 0);
    }

    private void tell(Note note) {
        BudgetRecord change = note.change();
        if (change != null) {
            state.apply(change);
        }
        if (broken) {
            goOn(note, change == null ? null : failure);
        } else if (change != null) {
            open.add(note);
            book.append(change, new Telling(false));
        } else if (open.isEmpty()) {
            goOn(note, null);
        } else {
            open.add(note);
        }
    }

    private void answered(Answer answer) {
        SluiceException reason = answer.failure();
        if (answer.ofSnapshot()) {
            compacting = false;
            if (failure != null) {
                broken |= reason != null;
                if (broken) {
                    tryLater();
                } else {
                    mended();
                }
            }
            return;
        }
        Note oldest = open.remove();
        if (reason != null) {
            broken(reason);
        }
        goOn(oldest, reason == null ? null : failure);
        while (!open.isEmpty() && open.element().change() == null) {
            goOn(open.remove(), null);
        }
        if (reason == null && !broken && !compacting && book.isWorthCompacting()) {
            compact();
        }
    }

    private void broken(SluiceException reason) {
        broken = true;
        if (failure == null) {
            Account top = Objects.requireNonNull(root);
            failure = new BudgetNotKeptException(top.path, reason);
            tree().news.unkept(top, reason);
            tree().news.tell();
            tryLater();
        }
    }

    private void mended() {
        failure = null;
        tree().news.keptAgain(Objects.requireNonNull(root));
        tree().news.tell();
        // Whoever waits for a window may have been kept out by it.
        tree().listen();
    }

    /** Writes all there is. What is noted from here on goes behind it. */
    private void compact() {
        compacting = true;
        broken = false;
        book.compact(state.records(), new Telling(true));
    }

    private void tryLater() {
        if (waits) {
            return;
        }
        waits = true;
        TimeSource time = tree().time;
        Timeout.Task again = new Timeout.Task() {
            @Override
            public void due() {
                items.offer(Again.NOW);
                tell();
            }

            /** There is no timer any more: what comes is told to nobody, and nothing is admitted. */
            @Override
            public void rejected(RejectedExecutionException reason) {}
        };
        time.schedule(TimeSource.after(time.nanos(), AGAIN), again);
    }

    private void goOn(Note note, @Nullable SluiceException reason) {
        HandOver.Work then = note.then();
        LiveReservation held = note.held();
        if (then != null) {
            tree().goOn(then, reason == null ? null : held, reason);
        }
    }

    private BudgetTree tree() {
        return Objects.requireNonNull(tree);
    }

    private final class Telling implements Book.Told {

        private final boolean snapshot;

        Telling(boolean snapshot) {
            this.snapshot = snapshot;
        }

        @Override
        public void kept() {
            answer(null);
        }

        @Override
        public void notKept(SluiceException reason) {
            answer(reason);
        }

        private void answer(@Nullable SluiceException reason) {
            items.offer(new Answer(reason, snapshot));
            tell();
        }
    }
}
