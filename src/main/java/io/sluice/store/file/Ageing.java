package io.sluice.store.file;

import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.ratelimit.RateLimitState.Charge;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether one state of a model follows from an earlier one by the passing of time alone. */
final class Ageing {

    /** Clocks of instants tick in milliseconds and are corrected in small steps. */
    private static final Duration JITTER = Duration.ofMillis(50);

    private Ageing() {}

    /**
     * Whether the later state says more than that old charges are over and averages have faded.
     *
     * @param earlier null where there was none
     */
    static boolean isMore(@Nullable RateLimitState earlier, RateLimitState later) {
        return earlier == null
                || earlier.concurrencyCap() != later.concurrencyCap()
                || earlier.successStreak() != later.successStreak()
                || earlier.inFlight() != later.inFlight()
                || !isSame(earlier.pausedUntil(), later.pausedUntil())
                || Arrays.stream(RateLimit.values())
                        .anyMatch(limit -> !isEndOf(earlier.charges(limit), later.charges(limit)));
    }

    private static boolean isEndOf(List<Charge> earlier, List<Charge> later) {
        int over = earlier.size() - later.size();
        if (over < 0) {
            return false;
        }
        for (int i = 0; i < later.size(); i++) {
            Charge one = earlier.get(over + i);
            Charge other = later.get(i);
            if (one.amount() != other.amount() || !isSame(one.at(), other.at())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return Objects.equals(one, other);
        }
        return Duration.between(one, other).abs().compareTo(JITTER) <= 0;
    }
}
