package io.sluice.ratelimit;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.model.ModelKey;

/** A call was made inside a call of the same model, and the limiter allows no such calls. */
public final class NestedCallException extends SluiceException {

    private final ModelKey key;
    private final String outerPermit;

    NestedCallException(ModelKey key, String outerPermit) {
        super(
                "A call of " + key + " was made inside another one, which holds " + outerPermit
                        + ". Make it after that one has ended, or allow it with NestedCalls.BORROW.",
                null,
                FailureClass.REJECTED,
                null,
                false);
        this.key = key;
        this.outerPermit = outerPermit;
    }

    /** The model that was asked for. */
    public ModelKey key() {
        return key;
    }

    /** The id of the permit that the call around this one holds. */
    public String outerPermit() {
        return outerPermit;
    }
}
