package io.sluice.loopcheck;

/** How bad a finding is. */
public enum Severity {
    /** Something may be missing: a message, or the time-out of a wait. */
    WARNING,
    /** Nothing ends the loop. */
    ERROR
}
