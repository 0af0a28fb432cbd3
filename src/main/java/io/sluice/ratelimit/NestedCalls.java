package io.sluice.ratelimit;

/**
 * What becomes of a call that is made inside a call of the same model, which keeps its slot until the inner one is done.
 * The Reactor Context tells which those are.
 */
public enum NestedCalls {
    /**
     * It goes before the queue and uses the slot of the call around it; a second one at the same time takes the next slot
     * that is free. It waits for the windows, and is charged like any other call. The default.
     */
    BORROW,
    /** It fails with {@link NestedCallException}: for programs in which such a call is a mistake. */
    FAIL
}
