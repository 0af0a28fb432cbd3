package io.sluice.failure;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When an Anthropic subscription's allowance is back: the headers {@code anthropic-ratelimit-unified-*}, for the allowance
 * as a whole and for its windows of five hours and seven days (seen until November 2026). They state no numbers, so they
 * are no {@link StatedLimit}.
 */
final class UnifiedLimit {

    private static final List<String> STEMS =
            List.of("anthropic-ratelimit-unified", "anthropic-ratelimit-unified-5h", "anthropic-ratelimit-unified-7d");

    private UnifiedLimit() {}

    /** The longest wait of those that reject; {@link Nanos#NONE} where none does. */
    static long reset(HeaderFields headers, @Nullable Instant now) {
        long longest = Nanos.NONE;
        for (String stem : STEMS) {
            String reset = headers.first(stem + "-reset");
            if (reset != null && "rejected".equalsIgnoreCase(headers.first(stem + "-status"))) {
                longest = Math.max(longest, ResetValue.until(reset, now));
            }
        }
        return longest;
    }
}
