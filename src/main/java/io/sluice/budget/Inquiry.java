package io.sluice.budget;

import io.sluice.support.SingleWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that must be decided before the asking thread can go on. The writer of the tree decides it; the asker looks until
 * it has, which takes as long as the writer is inside: microseconds, or what the system takes to give it its core back.
 */
final class Inquiry<R> implements SingleWriter.Note {

    private final Supplier<? extends @Nullable R> decide;
    private @Nullable R answer;
    private @Nullable Throwable failure;
    private volatile boolean answered;

    Inquiry(Supplier<? extends @Nullable R> decide) {
        this.decide = decide;
    }

    @Override
    public void apply() {
        try {
            answer = decide.get();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        answered = true;
    }

    @Nullable
    R await() {
        while (!answered) {
            // Plain reads: parking or yielding would block an event loop.
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return answer;
    }
}
