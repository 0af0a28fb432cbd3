package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a limiter knew of one model at one moment, so that another one can go on from there: after a restart, the
 * provider still counts what was sent before.
 *
 * @param key the model
 * @param at when it was taken
 * @param requests the requests that counted against the limit, oldest first
 * @param tokens the tokens that counted against the limit, oldest first; debts included
 * @param concurrencyCap how many calls could be in flight; 0 where it is not known
 * @param successStreak how many successes in a row counted towards a higher cap
 * @param inFlight how many calls were in flight; shown to people, never restored: nobody ends those calls any more
 * @param averageRequests requests per window, averaged
 * @param averageTokens tokens per window, averaged
 * @param pausedUntil until when the provider wanted no more calls; null where there was no pause
 * @param further what counted against limits beyond these, such as those of a day, oldest first; without those that had
 *     nothing charged
 * @param pool the pool whose state it is; null where it is that of the model alone
 */
public record RateLimitState(
        ModelKey key,
        Instant at,
        List<Charge> requests,
        List<Charge> tokens,
        int concurrencyCap,
        int successStreak,
        int inFlight,
        double averageRequests,
        double averageTokens,
        @Nullable Instant pausedUntil,
        Map<RateLimit, List<Charge>> further,
        @Nullable String pool) {

    /**
     * What was charged at one instant.
     *
     * @param at when
     * @param amount how much; at least 1
     */
    public record Charge(Instant at, long amount) {

        /**
         * @throws IllegalArgumentException if the amount is less than 1, or greater than 2^53
         */
        public Charge {
            Objects.requireNonNull(at, "at");
            if (amount < 1 || amount > RateLimitProfile.MAX_LIMIT) {
                throw new IllegalArgumentException("amount must be between 1 and 2^53, was " + amount);
            }
        }
    }

    /**
     * @throws IllegalArgumentException if a number is negative or not finite
     */
    public RateLimitState {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(at, "at");
        requests = inOrder(requests);
        tokens = inOrder(tokens);
        Map<RateLimit, List<Charge>> ordered = new EnumMap<>(RateLimit.class);
        further.forEach((limit, charges) -> ordered.put(limit, inOrder(charges)));
        further = Collections.unmodifiableMap(ordered);
        notNegative("concurrencyCap", concurrencyCap);
        notNegative("successStreak", successStreak);
        notNegative("inFlight", inFlight);
        notNegative("averageRequests", averageRequests);
        notNegative("averageTokens", averageTokens);
    }

    /** The state of one model with limits on requests and tokens alone. */
    public RateLimitState(
            ModelKey key,
            Instant at,
            List<Charge> requests,
            List<Charge> tokens,
            int concurrencyCap,
            int successStreak,
            int inFlight,
            double averageRequests,
            double averageTokens,
            @Nullable Instant pausedUntil) {
        this(
                key,
                at,
                requests,
                tokens,
                concurrencyCap,
                successStreak,
                inFlight,
                averageRequests,
                averageTokens,
                pausedUntil,
                Map.of(),
                null);
    }

    /** What counted against one of the limits, oldest first. */
    public List<Charge> charges(RateLimit limit) {
        return switch (limit) {
            case RPM -> requests;
            case TPM -> tokens;
            default -> further.getOrDefault(limit, List.of());
        };
    }

    private static List<Charge> inOrder(List<Charge> charges) {
        return charges.stream().sorted(Comparator.comparing(Charge::at)).toList();
    }

    private static void notNegative(String name, double value) {
        if (!(value >= 0 && value <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(name + " must be finite and at least 0, was " + value);
        }
    }
}
