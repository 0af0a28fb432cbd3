package io.sluice.approval;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The place of one who waits for a decision: taken once the request is known, left once, in whichever order that happens. */
final class Seat {

    private static final Object LEFT = new Object();

    private final AtomicReference<@Nullable Object> state = new AtomicReference<>();
    private final Consumer<OpenRequest> emptied;

    /**
     * @param emptied told where the last who waited has cancelled
     */
    Seat(Consumer<OpenRequest> emptied) {
        this.emptied = emptied;
    }

    void take(OpenRequest open) {
        open.join();
        if (!state.compareAndSet(null, open)) {
            leave(open);
        }
    }

    /** The one who waits has cancelled. */
    void cancel() {
        Object was = state.getAndSet(LEFT);
        if (was instanceof OpenRequest open) {
            leave(open);
        }
    }

    private void leave(OpenRequest open) {
        if (open.leave()) {
            emptied.accept(open);
        }
    }
}
