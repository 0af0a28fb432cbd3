package io.sluice.matrix;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** An operator in a world of its own, for one cell. */
interface Subject {

    /** The operator around a source; one with a single answer takes the first element. */
    Flux<String> around(Flux<String> source);

    /** Whether a call can have to wait before its source is subscribed to. */
    default boolean canWait() {
        return false;
    }

    /** Lets the next call wait, and returns what ends that; a wait that ends by itself does so within ten seconds. */
    default Runnable occupy() {
        return () -> {};
    }

    /** As {@link #around}, of a call that has to wait. */
    default Flux<String> afterWaiting(Flux<String> source) {
        return around(source);
    }

    /** What is held at the moment, in words; empty where nothing is. */
    default String held() {
        return "";
    }

    /** Why a situation cannot be; null where it can. */
    default @Nullable String notApplicable(Situation situation) {
        return situation == Situation.CANCEL_WHILE_WAITING && !canWait()
                ? "it never waits: it lets a call pass or refuses it at once"
                : null;
    }
}
