package io.sluice.simulator;

import java.util.Map;

/**
 * OpenAI's rate-limit headers, which here always tell the truth. The resets are the time until all is free again. A limit
 * that is not set has no headers.
 */
final class OpenAiHeaders {

    private OpenAiHeaders() {}

    static void put(Map<String, String> headers, Standing standing) {
        put(headers, standing, Dimension.REQUESTS, "requests");
        put(headers, standing, Dimension.TOKENS, "tokens");
    }

    private static void put(Map<String, String> headers, Standing standing, Dimension dimension, String what) {
        long limit = standing.limits().limit(dimension);
        if (limit == ModelLimits.UNLIMITED) {
            return;
        }
        headers.put("x-ratelimit-limit-" + what, String.valueOf(limit));
        headers.put("x-ratelimit-remaining-" + what, String.valueOf(standing.remaining(dimension)));
        headers.put(
                "x-ratelimit-reset-" + what,
                GoDuration.of(standing.level(dimension).resetNanos()));
    }
}
