package io.sluice.ratelimit;

import io.sluice.failure.StatedLimit;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** A profile with the numbers that a provider states in its answers. */
final class LearnedLimits {

    /** The source of a profile that was changed. */
    static final String SOURCE = "headers";

    private LearnedLimits() {}

    /** The same profile if it is told nothing new. Of several limits of one kind all hold, so the smallest counts. */
    static RateLimitProfile of(RateLimitProfile profile, List<StatedLimit> stated, Duration window) {
        RateLimitProfile learned = profile;
        for (RateLimit name : RateLimit.values()) {
            Long known = profile.limit(name);
            OptionalLong smallest = stated.stream()
                    .filter(limit -> limit.limit() > 0 && RateLimit.of(limit, window) == name)
                    .mapToLong(limit -> Math.min(limit.limit(), RateLimitProfile.MAX_LIMIT))
                    .min();
            if (smallest.isPresent() && (known == null || smallest.getAsLong() != known)) {
                learned = learned.toBuilder()
                        .source(SOURCE)
                        .limit(name, smallest.getAsLong())
                        .build();
            }
        }
        return learned;
    }
}
