package io.sluice.ratelimit;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;

/** A request is estimated at more tokens than its limit can ever admit, so no waiting would help. */
public final class RequestTooLargeException extends SluiceException {

    private final ModelKey key;
    private final long asked;
    private final long hardLimit;
    private final long effectiveLimit;

    RequestTooLargeException(ModelKey key, RateLimitProfile profile, long asked, long hardLimit) {
        super(
                "A request of " + asked + " tokens for " + key + " can never be admitted: the limit is "
                        + hardLimit + " tokens a window, of which " + profile.effectiveTpm() + " are in use (target "
                        + profile.utilizationTarget() + "). "
                        + (asked > hardLimit
                                ? "Shorten the prompt or lower the output cap."
                                : "Shorten it, raise the target, or allow Oversize.ADMIT_ALONE in the profile."),
                null,
                FailureClass.TOO_LARGE,
                null,
                false);
        this.key = key;
        this.asked = asked;
        this.hardLimit = hardLimit;
        this.effectiveLimit = profile.effectiveTpm();
    }

    /** The model that was asked for. */
    public ModelKey key() {
        return key;
    }

    /** Tokens that were asked for: input and output cap together. */
    public long asked() {
        return asked;
    }

    /** The provider's limit, in tokens a window. */
    public long hardLimit() {
        return hardLimit;
    }

    /** The part of the limit that is used, in tokens a window. */
    public long effectiveLimit() {
        return effectiveLimit;
    }
}
