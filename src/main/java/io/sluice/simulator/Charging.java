package io.sluice.simulator;

/** When a provider counts the output of a call, which nobody knows before it is there. Input counts on arrival. */
public enum Charging {

    /** The whole cap of the output, on arrival, and nothing is given back: Azure. */
    CAP,

    /** The whole cap on arrival; when the call ends, what it did not use is given back to its own window. */
    CAP_THEN_ACTUAL,

    /**
     * Nothing on arrival; the tokens that were really written when the call ends. A call is let in as long as there is
     * any room, so that calls which end together may use more than the limit, as they may with Anthropic, which counts
     * output so (its rate limit page, seen 2026).
     */
    ACTUAL
}
