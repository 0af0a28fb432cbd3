package io.sluice.breaker;

/** What a breaker does with calls. */
public enum CircuitState {
    /** All calls pass, and their results are counted. */
    CLOSED,
    /** No call passes until the time is over. */
    OPEN,
    /** The time is over: so many calls pass as probes, and their results decide. */
    HALF_OPEN,
    /** No call passes until somebody says otherwise. */
    FORCED_OPEN,
    /** All calls pass, and nothing is counted. */
    DISABLED,
    /** All calls pass and their results are counted, but nothing follows from them. */
    METRICS_ONLY;

    /** Whether every call passes. */
    boolean passesAll() {
        return this == CLOSED || this == DISABLED || this == METRICS_ONLY;
    }
}
