package io.sluice.simulator;

/** What a window says to a request. */
sealed interface Verdict {

    /** How the window stands after it. */
    Standing standing();

    /**
     * Let in and charged.
     *
     * @param number the charge, for settling it
     */
    record Admitted(long number, Standing standing) implements Verdict {}

    /**
     * Refused, and not counted.
     *
     * @param dimension the limit that keeps it out longest
     * @param used how much of that counts now
     * @param requested how much of that was asked for
     * @param waitNanos how long until the request would fit both limits if nothing else came; positive
     */
    record Refused(Dimension dimension, long used, long requested, long waitNanos, Standing standing)
            implements Verdict {}

    /** Refused for ever: more tokens than a whole window allows. */
    record TooLarge(long requested, Standing standing) implements Verdict {}
}
