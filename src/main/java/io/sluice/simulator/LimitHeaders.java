package io.sluice.simulator;

import java.util.LinkedHashMap;
import java.util.Map;

/** OpenAI's rate-limit headers, which here always tell the truth. */
final class LimitHeaders {

    private static final long SECOND = 1_000_000_000;

    private LimitHeaders() {}

    /**
     * How a window stands. The resets are the time until all of it is free again, as OpenAI defines them.
     */
    static Map<String, String> of(Standing standing) {
        Map<String, String> headers = new LinkedHashMap<>();
        String reset = GoDuration.of(standing.resetNanos());
        put(headers, "requests", standing.limits().requests(), standing.requests(), reset);
        put(headers, "tokens", standing.limits().tokens(), standing.tokens(), reset);
        return headers;
    }

    /** Whole seconds, rounded up, as {@code retry-after} has them; at least 1. */
    static String retryAfter(long waitNanos) {
        return String.valueOf(Math.max(1, (waitNanos + SECOND - 1) / SECOND));
    }

    private static void put(Map<String, String> headers, String what, long limit, long used, String reset) {
        headers.put("x-ratelimit-limit-" + what, String.valueOf(limit));
        headers.put("x-ratelimit-remaining-" + what, String.valueOf(limit - used));
        headers.put("x-ratelimit-reset-" + what, reset);
    }
}
