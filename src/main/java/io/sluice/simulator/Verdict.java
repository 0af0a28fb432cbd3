package io.sluice.simulator;

/** What a model's limits say to a request. */
sealed interface Verdict {

    /** How the limits stand after it. */
    Standing standing();

    /** Let in and charged. */
    record Admitted(Charge charge, Standing standing) implements Verdict {}

    /**
     * Refused, and not counted.
     *
     * @param dimension the limit that keeps it out longest
     * @param requested how much of that was asked for
     * @param waitNanos how long until the request would fit all limits if nothing else came; positive
     */
    record Refused(Dimension dimension, long requested, long waitNanos, Standing standing) implements Verdict {}

    /** Refused for ever: more tokens than a limit allows. */
    record TooLarge(Dimension dimension, long requested, Standing standing) implements Verdict {}

    /**
     * What was charged, for settling it.
     *
     * @param output the tokens of output that were charged on arrival
     * @param tokensMark the mark of the charge of tokens
     * @param outputMark the mark of the charge of output
     */
    record Charge(long output, long tokensMark, long outputMark) {}
}
