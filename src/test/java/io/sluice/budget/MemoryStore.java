package io.sluice.budget;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Mono;

/** A store that outlives its budgets and not the test; compacts now and then, and fails when it is told to. */
final class MemoryStore implements BudgetStore {

    private final List<BudgetRecord> kept = new ArrayList<>();
    private int appended;
    private int compactEvery = Integer.MAX_VALUE;
    volatile boolean full;
    volatile boolean slow;
    private final List<Book.Told> unanswered = new ArrayList<>();

    /** Answers what it was slow to answer. */
    void answer() {
        slow = false;
        List.copyOf(unanswered).forEach(Book.Told::kept);
        unanswered.clear();
    }

    MemoryStore compactEvery(int records) {
        compactEvery = records;
        return this;
    }

    synchronized BudgetState state() {
        return BudgetState.of(kept);
    }

    synchronized void add(BudgetRecord record) {
        kept.add(record);
    }

    /** The same records, out of reach of whoever has written them. */
    synchronized MemoryStore detached() {
        MemoryStore other = new MemoryStore().compactEvery(compactEvery);
        other.kept.addAll(kept);
        return other;
    }

    private static final class Full extends SluiceException {
        Full() {
            super("the disk is full.", null, FailureClass.UNKNOWN, null, false);
        }
    }

    @Override
    public Mono<Book> open() {
        List<BudgetRecord> found;
        synchronized (this) {
            found = List.copyOf(kept);
        }
        return Mono.just(new Book() {
            @Override
            public List<BudgetRecord> records() {
                return found;
            }

            @Override
            public void append(BudgetRecord record, Told told) {
                if (full) {
                    told.notKept(new Full());
                    return;
                }
                synchronized (MemoryStore.this) {
                    kept.add(record);
                    appended++;
                }
                if (slow) {
                    unanswered.add(told);
                } else {
                    told.kept();
                }
            }

            @Override
            public boolean isWorthCompacting() {
                return appended >= compactEvery;
            }

            @Override
            public void compact(Collection<BudgetRecord> records, Told told) {
                if (full) {
                    told.notKept(new Full());
                    return;
                }
                synchronized (MemoryStore.this) {
                    kept.clear();
                    kept.addAll(records);
                    appended = 0;
                }
                told.kept();
            }

            @Override
            public Mono<Void> close() {
                return Mono.empty();
            }
        });
    }
}
