package io.sluice.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error of a provider.
 *
 * @param type the kind, in the provider's word
 * @param code the provider's finer code; null for none
 * @param param the part of the request that is wrong; null for none
 * @param hint how long to wait, for the header; null for none
 */
record ApiError(
        int status,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message,
        @Nullable Duration hint) implements ReadCall {

    ApiError(int status, String type, @Nullable String code, String message) {
        this(status, type, code, null, message, null);
    }
}
