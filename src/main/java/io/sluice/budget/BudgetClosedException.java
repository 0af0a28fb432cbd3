package io.sluice.budget;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** A budget, or one around it, was disposed of, so that nothing is admitted any more. */
public final class BudgetClosedException extends SluiceException {

    private final String path;

    BudgetClosedException(String path) {
        super(
                "The budget " + path
                        + " was disposed of and admits nothing any more. Make another one for further calls.",
                null,
                FailureClass.REJECTED,
                null,
                false);
        this.path = path;
    }

    /** The budget that was disposed of. */
    public String path() {
        return path;
    }
}
