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
    private final RateLimit limit;

    RequestTooLargeException(ModelKey key, RateLimitProfile profile, RateLimit limit, long asked) {
        this(key, profile, limit, asked, hard(profile, limit));
    }

    private RequestTooLargeException(
            ModelKey key, RateLimitProfile profile, RateLimit limit, long asked, long hardLimit) {
        super(
                "A request of " + asked + " tokens for " + key + " can never be admitted: the limit is "
                        + hardLimit + " " + limit.inWords() + ", of which " + profile.effective(limit)
                        + " are in use (target "
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
        this.effectiveLimit = profile.effective(limit);
        this.limit = limit;
    }

    private static long hard(RateLimitProfile profile, RateLimit limit) {
        Long hard = profile.limit(limit);
        return hard == null ? Long.MAX_VALUE : hard;
    }

    /** Which limit it is too large for. */
    public RateLimit limit() {
        return limit;
    }

    /** The model that was asked for. */
    public ModelKey key() {
        return key;
    }

    /** Tokens that were asked for, as the limit counts them: usually input and output cap together. */
    public long asked() {
        return asked;
    }

    /** The provider's limit. */
    public long hardLimit() {
        return hardLimit;
    }

    /** The part of the limit that is used. */
    public long effectiveLimit() {
        return effectiveLimit;
    }
}
