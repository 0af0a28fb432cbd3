package io.sluice.debounce;

/** What a trigger was denied for. */
public enum DebounceLimit {
    /** Its key ran less than a cooldown ago. */
    COOLDOWN,
    /** As many triggers of its key ran within an hour as may. */
    HOURLY_OF_KEY,
    /** As many triggers of all keys ran within an hour as may. */
    HOURLY,
    /** A later trigger of its key took its place before it ran. */
    SUPERSEDED
}
