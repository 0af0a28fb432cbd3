package io.sluice.debounce;

import java.time.Duration;
import java.util.Map;

/**
 * What a debouncer was told.
 *
 * @param cooldown of keys that have none of their own
 * @param cooldowns of single keys
 * @param perHour how many triggers of all keys may run within an hour
 * @param perHourOfKey how many triggers of one key may run within an hour
 * @param countFailures whether a run that failed counts
 */
record DebounceRules(
        Duration cooldown, Map<String, Duration> cooldowns, int perHour, int perHourOfKey, boolean countFailures) {

    /** No cap. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    private static final long NANOS = 1_000_000_000L;

    long cooldownNanos(String key) {
        Duration own = cooldowns.getOrDefault(key, cooldown);
        return own.toSeconds() >= Long.MAX_VALUE / NANOS ? Long.MAX_VALUE : own.toNanos();
    }
}
