package io.sluice.call;

/** How much harm a call can do, as whoever makes it sees it; approval decides by it. */
public enum Risk {
    /** Reads, or can be undone at once. */
    LOW,
    /** Changes something that can be undone. */
    MEDIUM,
    /** Cannot be undone, or costs much. */
    HIGH
}
