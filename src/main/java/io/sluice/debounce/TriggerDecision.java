package io.sluice.debounce;

import java.time.Duration;

/** Whether a trigger may run. */
public sealed interface TriggerDecision {

    /** What was triggered. */
    String key();

    /** Whether it may run. */
    default boolean isAdmitted() {
        return this instanceof Admitted;
    }

    /** It may run, and counts as having run. */
    record Admitted(String key) implements TriggerDecision {}

    /**
     * It may not run.
     *
     * @param limit what it was denied for; of several, the one that lasts longest
     * @param retryAfter how long until its key may run again as things stand; positive
     */
    record Denied(String key, DebounceLimit limit, Duration retryAfter) implements TriggerDecision {

        /** The same as an error. */
        public DebouncedException toException() {
            return new DebouncedException(key, limit, retryAfter);
        }
    }
}
