package io.sluice.failure;

import java.util.List;
import java.util.Map;

/**
 * Fields of an error that say how long to wait, in any spelling that servers use: {@code retry_after} (Discord and many
 * gateways, in seconds, a duration or an instant), {@code retry_after_ms}.
 */
final class WaitFields {

    private static final List<String> SECONDS = List.of(
            "retry_after",
            "retryafter",
            "retry-after",
            "retry_after_seconds",
            "retryafterseconds",
            "retry_after_secs",
            "retry_after_sec");

    private static final List<String> MILLIS = List.of("retry_after_ms", "retryafterms", "retry-after-ms");

    private WaitFields() {}

    /** Adds what one level of an error holds. */
    static void read(Map<?, ?> error, ErrorSigns signs) {
        for (String key : SECONDS) {
            if (error.get(key) instanceof String value) {
                signs.reset(value.strip());
            }
        }
        for (String key : MILLIS) {
            if (error.get(key) instanceof String value) {
                signs.retryDelay = Math.max(signs.retryDelay, Nanos.of(value.strip(), Nanos.MILLI));
            }
        }
    }
}
