package io.sluice.ratelimit;

import io.sluice.support.SingleWriter;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something to be read from state that has a single writer. The writer answers it; the asker looks until it has, which
 * takes as long as the writer is inside: microseconds, or what the system takes to give it its core back.
 */
final class Question<R> implements SingleWriter.Note {

    private final Supplier<R> read;
    private @Nullable R answer;
    private @Nullable RuntimeException failure;
    private volatile boolean answered;

    Question(Supplier<R> read) {
        this.read = read;
    }

    @Override
    public void apply() {
        try {
            answer = read.get();
        } catch (RuntimeException thrown) {
            failure = thrown;
        }
        answered = true;
    }

    R await() {
        while (!answered) {
            // Plain reads: parking or yielding would block an event loop.
        }
        if (failure != null) {
            throw failure;
        }
        if (answer == null) {
            throw new IllegalStateException("no answer");
        }
        return answer;
    }
}
