package io.sluice.failure;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a subscription's allowance is back, as Claude Code writes it: {@code Claude AI usage limit reached|1755806400},
 * in seconds since 1970, or as a {@link ResetTime} (both seen until November 2026).
 */
final class SubscriptionText {

    private static final String REACHED = "limit reached|";

    private SubscriptionText() {}

    /** How long until then; {@link Nanos#NONE} where the text does not say. */
    static long until(String text, @Nullable Instant now) {
        int reached = text.indexOf(REACHED);
        if (now == null) {
            return Nanos.NONE;
        }
        if (reached < 0) {
            return ResetTime.until(text, now);
        }
        int from = reached + REACHED.length();
        Instant at = ResetValue.sinceEpoch(text.substring(from, Scan.digitsEnd(text, from)));
        return at == null ? Nanos.NONE : Nanos.between(now, at);
    }
}
