package io.sluice.ratelimit;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;

/** The limiter was disposed of, before the call asked for a permit or while it waited for one. */
public final class LimiterDisposedException extends SluiceException {

    private final ModelKey key;

    LimiterDisposedException(ModelKey key) {
        super(
                "The limiter is disposed of; no more permits for " + key + ". Build a new one, or dispose of it later.",
                null,
                FailureClass.REJECTED,
                null,
                false);
        this.key = key;
    }

    /** The model that was asked for. */
    public ModelKey key() {
        return key;
    }
}
