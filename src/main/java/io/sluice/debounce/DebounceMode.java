package io.sluice.debounce;

/** Which trigger of several runs. */
public enum DebounceMode {
    /** The first one, at once; those within its cooldown are denied. */
    LEADING,
    /**
     * The last one, once its key has been quiet for a cooldown; each trigger takes the place of the one before, which is
     * denied.
     */
    TRAILING,
    /** The first one, at once; those that come while it runs get the same result, those after it are denied. */
    SHARE
}
