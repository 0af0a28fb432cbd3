package io.sluice.budget;

import io.sluice.SluiceException;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * Keeps what happens in a tree of budgets, so that it is there when the process is not any more. {@code
 * io.sluice.store.file.BudgetFile} is one.
 */
public interface BudgetStore {

    /** Takes what is kept, for one owner at a time, and reads it. Must not block; may signal on any thread. */
    Mono<Book> open();

    /**
     * What is kept of one tree, in the hands of its owner. The methods but {@link #records} are called by one thread at a time,
     * on whatever thread it is; they must return at once and not throw.
     */
    interface Book {

        /** Told once, on any thread; returns soon. */
        interface Told {

            /** It is kept, whatever becomes of the process. */
            void kept();

            /** It is not kept, and will not be. */
            void notKept(SluiceException reason);
        }

        /** What earlier owners have left, in its order. */
        List<BudgetRecord> records();

        /** Keeps another record, behind all those before. */
        void append(BudgetRecord record, Told told);

        /** Whether so much was appended that it should be replaced by what it amounts to. */
        boolean isWorthCompacting();

        /** Keeps these records in place of all that was asked for before. */
        void compact(Collection<BudgetRecord> records, Told told);

        /** Gives it free for other owners, after all that was asked for before. */
        Mono<Void> close();
    }
}
