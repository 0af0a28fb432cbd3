package io.sluice.deadline;

/** What a deadline bounds. */
public enum Bound {
    /** One attempt of a call, from its subscription to its end. */
    ATTEMPT,
    /** The time to the first element of a stream. */
    FIRST_ELEMENT,
    /** The time from one element of a stream to the next, or to its end. */
    GAP,
    /** A whole call with its attempts and waits; of a stream, until its first element. */
    TOTAL
}
