package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a limiter knew of one model when it was saved.
 *
 * @param state what it knew
 * @param window the span that its limits counted for; from a microsecond to 400 days
 * @param limits the limits in force; null where they were not saved
 */
public record SavedState(
        RateLimitState state, Duration window, @Nullable RateLimitProfile limits) {

    static final Duration SHORTEST = Duration.ofNanos(1_000);
    static final Duration DAY = Duration.ofDays(1);
    static final Duration LONGEST = Duration.ofDays(400);

    /**
     * @throws IllegalArgumentException if the window is out of its range
     */
    public SavedState {
        Objects.requireNonNull(state, "state");
        if (!isWindow(window)) {
            throw new IllegalArgumentException("window must be between 1 microsecond and 400 days, was " + window);
        }
    }

    static boolean isWindow(Duration window) {
        return window.compareTo(SHORTEST) >= 0 && window.compareTo(LONGEST) <= 0;
    }

    /** The requests that count within the window that ends now; those from the future count as made now. */
    public long requests(Instant now) {
        return charged(RateLimit.RPM, now);
    }

    /** The tokens that count within the window that ends now; those from the future count as used now. */
    public long tokens(Instant now) {
        return charged(RateLimit.TPM, now);
    }

    /** What counts against a limit within the window, or the day, that ends now; what is from the future counts as well. */
    public long charged(RateLimit limit, Instant now) {
        Instant over = now.minus(limit.isPerDay() ? DAY : window);
        ZoneId zone = limits == null || !limit.isPerDay() ? null : limits.day().zone();
        if (zone != null) {
            over = now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant().minusNanos(1);
        }
        return after(over, state.charges(limit));
    }

    /** Whether it is that of a model or, where that is not null, of a pool. */
    boolean isOf(ModelKey key, @Nullable String pool) {
        return (pool == null || state.pool() == null)
                ? state.key().equals(key)
                : pool.equals(state.pool())
                        && Objects.equals(key.account(), state.key().account());
    }

    /** How long ago it was saved; zero where the clock was set back since. */
    public Duration age(Instant now) {
        return state.at().isBefore(now) ? Duration.between(state.at(), now) : Duration.ZERO;
    }

    private static long after(Instant over, List<RateLimitState.Charge> charges) {
        long sum = 0;
        for (RateLimitState.Charge charge : charges) {
            if (charge.at().isAfter(over)) {
                sum = Math.min(Long.MAX_VALUE - charge.amount(), sum) + charge.amount();
            }
        }
        return sum;
    }
}
