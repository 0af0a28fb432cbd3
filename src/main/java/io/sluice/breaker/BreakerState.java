package io.sluice.breaker;

import org.jspecify.annotations.Nullable;

/**
 * All that a breaker knows at one moment. Immutable; {@link BreakerRules} makes the next one.
 *
 * @param state what it does with calls
 * @param generation which state this is, counted from the first: results of calls that another one admitted do not count
 * @param consecutive failures one after the other since the last success
 * @param window the results of the latest calls
 * @param until open: when the first probe may go; half-open: when the probes are overdue
 * @param openings how often it opened since it was last closed
 * @param out probes that have no result yet
 * @param succeeded probes that succeeded
 * @param reason why it is open, or would be if it did more than count; null otherwise
 */
record BreakerState(
        CircuitState state,
        long generation,
        int consecutive,
        CallWindow window,
        long until,
        int openings,
        int out,
        int succeeded,
        @Nullable OpenReason reason) {

    /** Whether it is this very state: where nothing changes, the rules give back what they were given. */
    @SuppressWarnings("ReferenceEquality")
    boolean is(BreakerState other) {
        return this == other;
    }

    /** A state of a generation of its own, with nothing counted. */
    BreakerState fresh(CircuitState next, CallWindow empty) {
        return new BreakerState(next, generation + 1, 0, empty, 0, 0, 0, 0, null);
    }

    BreakerState counted(int failures, CallWindow results, @Nullable OpenReason exceeded) {
        return new BreakerState(state, generation, failures, results, until, openings, out, succeeded, exceeded);
    }

    BreakerState opened(OpenReason why, int failures, CallWindow results, long probeAt) {
        return new BreakerState(CircuitState.OPEN, generation + 1, failures, results, probeAt, openings + 1, 0, 0, why);
    }

    BreakerState halfOpened(long overdueAt) {
        return new BreakerState(
                CircuitState.HALF_OPEN, generation + 1, consecutive, window, overdueAt, openings, 0, 0, null);
    }

    BreakerState probing(int nowOut, int nowSucceeded) {
        return new BreakerState(state, generation, consecutive, window, until, openings, nowOut, nowSucceeded, reason);
    }
}
