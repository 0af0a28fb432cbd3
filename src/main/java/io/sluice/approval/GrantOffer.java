package io.sluice.approval;

import io.sluice.support.CanonicalJson;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StandingGrant} is to be for. Immutable; each wither returns a new one. {@link #toString} leaves out the
 * arguments.
 *
 * @param action the action
 * @param arguments which arguments, as JSON; see {@link StandingGrant#arguments}
 * @param requester who may ask; null for anybody
 * @param run in which run; null for any
 * @param validFor for how long; longer than zero
 * @param maxUses for how many requests; at least 1
 */
public record GrantOffer(
        String action,
        String arguments,
        @Nullable String requester,
        @Nullable String run,
        Duration validFor,
        int maxUses) {

    /**
     * @throws IllegalArgumentException if it would be valid for no time, or longer than ten years
     */
    public GrantOffer {
        if (validFor.isNegative() || validFor.isZero() || validFor.compareTo(ApprovalTerms.MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "a standing grant is valid for longer than zero and at most ten years, was " + validFor);
        }
    }

    /**
     * For an action with any arguments that hold these.
     *
     * @param arguments anything that can be written as JSON; an empty map for any object
     */
    public static GrantOffer of(String action, Object arguments, Duration validFor, int maxUses) {
        return new GrantOffer(action, CanonicalJson.of(arguments), null, null, validFor, maxUses);
    }

    /** The same for one requester. */
    public GrantOffer requester(String requester) {
        return new GrantOffer(
                action, arguments, Objects.requireNonNull(requester, "requester"), run, validFor, maxUses);
    }

    /** The same within one run. */
    public GrantOffer run(String run) {
        return new GrantOffer(action, arguments, requester, Objects.requireNonNull(run, "run"), validFor, maxUses);
    }

    @Override
    public String toString() {
        return "GrantOffer[" + OneLine.of(action, 80) + ", " + maxUses + " within " + validFor + "]";
    }
}
