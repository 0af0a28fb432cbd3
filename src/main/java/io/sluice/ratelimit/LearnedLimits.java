package io.sluice.ratelimit;

import io.sluice.failure.LimitKind;
import io.sluice.failure.StatedLimit;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A profile with the numbers that a provider states in its answers. */
final class LearnedLimits {

    /** The source of a profile that was changed. */
    static final String SOURCE = "headers";

    private LearnedLimits() {}

    /** The same profile if it is told nothing new. Of several limits of one kind all hold, so the smallest counts. */
    static RateLimitProfile of(RateLimitProfile profile, List<StatedLimit> stated) {
        OptionalLong rpm = smallest(stated, LimitKind.REQUESTS, profile.rpm());
        OptionalLong tpm = smallest(stated, LimitKind.TOKENS, profile.tpm());
        if (rpm.isEmpty() && tpm.isEmpty()) {
            return profile;
        }
        RateLimitProfile.Builder learned = profile.toBuilder().source(SOURCE);
        rpm.ifPresent(learned::rpm);
        tpm.ifPresent(learned::tpm);
        return learned.build();
    }

    private static OptionalLong smallest(List<StatedLimit> stated, LimitKind kind, @Nullable Long known) {
        OptionalLong smallest = stated.stream()
                .filter(limit -> limit.kind() == kind && limit.limit() > 0)
                .mapToLong(limit -> Math.min(limit.limit(), RateLimitProfile.MAX_LIMIT))
                .min();
        return smallest.isPresent() && known != null && smallest.getAsLong() == known ? OptionalLong.empty() : smallest;
    }
}
