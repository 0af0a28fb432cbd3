package io.sluice.governor;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;

/** Hears how one subscription ends, before its subscriber does: exactly one of answered, failed and cancelled. */
interface Ending {

    /** The context of what is subscribed to. */
    default Context in(Context context) {
        return context;
    }

    /** An element of a stream is about to be told; null, or why the stream must be cut instead. */
    default @Nullable Throwable element() {
        return null;
    }

    /** It came to its end, of a call with one answer with or without it. */
    void answered();

    /** It failed, or was cut. */
    void failed(Throwable error);

    /** Its subscriber cancels, and what it is subscribed to does not know yet. */
    default void cancelling() {}

    /** Its subscriber has cancelled, and what it was subscribed to was told. */
    default void cancelled() {}
}
