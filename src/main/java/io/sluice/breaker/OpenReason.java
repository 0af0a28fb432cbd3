package io.sluice.breaker;

/** Why a breaker opened, or, where it only counts, would have opened. */
public enum OpenReason {
    /** Too many calls failed one after the other. */
    CONSECUTIVE_FAILURES,
    /** Too large a share of the calls in the window failed. */
    FAILURE_RATE,
    /** Too large a share of the calls in the window was slow. */
    SLOW_RATE,
    /** A probe failed, or was slow where slow calls count. */
    PROBE_FAILED,
    /** The probes had no result within the time that half-open may last. */
    PROBE_OVERDUE
}
