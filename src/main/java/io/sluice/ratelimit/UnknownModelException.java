package io.sluice.ratelimit;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;

/** A model has no limits: no profile is declared for it and no wildcard covers it. */
public final class UnknownModelException extends SluiceException {

    private final ModelKey key;

    UnknownModelException(ModelKey key) {
        super(
                "No rate-limit profile configured for " + key
                        + ". Declare one with RateLimitProfiles.with(..) or `sluice limits set`, or a wildcard such as "
                        + key.provider() + "/*.",
                null,
                FailureClass.CALLER,
                null,
                false);
        this.key = key;
    }

    /** The model that was asked for. */
    public ModelKey key() {
        return key;
    }
}
