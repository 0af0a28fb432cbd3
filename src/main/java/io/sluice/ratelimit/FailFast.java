package io.sluice.ratelimit;

/** When a call is told at once that it will not get its permit in time, instead of at the end of its time-out. */
public enum FailFast {
    /** When it is certain, whatever others give back until then. The default. */
    CERTAIN,
    /** When it is likely, by what is charged, who waits ahead and how long calls take. */
    ESTIMATED
}
