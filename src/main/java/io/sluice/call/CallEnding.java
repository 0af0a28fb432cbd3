package io.sluice.call;

/** How a governed call ended. */
public enum CallEnding {
    /** It was answered. */
    COMPLETED,
    /** It failed, and a fallback answered instead. */
    FELL_BACK,
    /** It was made too recently or too often; not made. */
    DEBOUNCED,
    /** What it calls is broken. */
    CIRCUIT_OPEN,
    /** Whoever had to approve it declined; not made. */
    DECLINED,
    /** It does not fit a budget, or ran into the end of one. */
    BUDGET_EXCEEDED,
    /** The provider's rate limit, or no permit in time. */
    RATE_LIMITED,
    /** Its time was over. */
    TIMED_OUT,
    /** It failed in another way. */
    FAILED,
    /** Whoever wanted it cancelled. */
    CANCELLED
}
