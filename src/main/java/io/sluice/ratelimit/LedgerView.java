package io.sluice.ratelimit;

import java.util.Map;

/**
 * What a ledger knows of its key at one moment.
 *
 * @param profile the limits in force
 * @param requests requests that count against the limit
 * @param tokens tokens that count against the limit
 * @param averageRequests decaying average of requests per window
 * @param averageTokens decaying average of tokens per window
 * @param cap calls that may be in flight
 * @param inFlight calls that occupy a slot
 * @param pause nanoseconds until calls are admitted again after a refusal; 0 where there is no pause
 * @param further what counts against further limits, of those that there are
 */
record LedgerView(
        RateLimitProfile profile,
        long requests,
        long tokens,
        double averageRequests,
        double averageTokens,
        int cap,
        int inFlight,
        long pause,
        Map<RateLimit, Long> further) {}
