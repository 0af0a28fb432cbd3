package io.sluice.simulator;

import java.time.Instant;
import java.util.Map;

/**
 * Anthropic's rate-limit headers (its rate limit page, seen 2026): resets are instants at which all is free again, here
 * rounded up to seconds; what remains of tokens is rounded to thousands. A limit that is not set has no headers.
 */
final class AnthropicHeaders {

    private static final long SECOND = 1_000_000_000;
    private static final long THOUSAND = 1_000;
    private static final String PREFIX = "anthropic-ratelimit-";

    private AnthropicHeaders() {}

    static void put(Map<String, String> headers, Standing standing, long now) {
        put(headers, standing, now, Dimension.REQUESTS, "requests");
        put(headers, standing, now, Dimension.INPUT, "input-tokens");
        put(headers, standing, now, Dimension.OUTPUT, "output-tokens");
        put(headers, standing, now, tightest(standing), "tokens");
    }

    /** The plain tokens are those of the limit that leaves least. */
    private static Dimension tightest(Standing standing) {
        Dimension tightest = Dimension.TOKENS;
        for (Dimension other : new Dimension[] {Dimension.INPUT, Dimension.OUTPUT}) {
            if (standing.remaining(other) < standing.remaining(tightest)) {
                tightest = other;
            }
        }
        return tightest;
    }

    private static void put(
            Map<String, String> headers, Standing standing, long now, Dimension dimension, String what) {
        long limit = standing.limits().limit(dimension);
        if (limit == ModelLimits.UNLIMITED) {
            return;
        }
        long remaining = standing.remaining(dimension);
        long shown = dimension == Dimension.REQUESTS ? remaining : (remaining + THOUSAND / 2) / THOUSAND * THOUSAND;
        long reset = now + standing.level(dimension).resetNanos();
        headers.put(PREFIX + what + "-limit", String.valueOf(limit));
        headers.put(PREFIX + what + "-remaining", String.valueOf(shown));
        headers.put(
                PREFIX + what + "-reset",
                Instant.ofEpochSecond(Math.floorDiv(reset + SECOND - 1, SECOND)).toString());
    }
}
