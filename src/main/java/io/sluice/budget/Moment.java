package io.sluice.budget;

import io.sluice.time.TimeSource;

/**
 * Now, by both clocks.
 *
 * @param nanos in terms of {@link TimeSource#nanos()}, for durations
 * @param millis of the epoch, for calendars and files; 0 in a tree that has neither
 */
record Moment(long nanos, long millis) {

    /** For what happens the same at any time. */
    static final Moment ANY = new Moment(0, 0);
}
