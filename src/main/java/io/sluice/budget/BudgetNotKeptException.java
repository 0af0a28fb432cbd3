package io.sluice.budget;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/**
 * What a budget admits cannot be written down at present, so it admits nothing: what was spent could not be told after a
 * restart. Nothing was sent. It is tried again every second.
 */
public final class BudgetNotKeptException extends SluiceException {

    private final String path;

    BudgetNotKeptException(String path, SluiceException cause) {
        super(
                "The budget " + path + " admits no call, because what it spends cannot be kept: " + cause.getMessage()
                        + " It is tried again every second.",
                cause,
                FailureClass.REJECTED,
                null,
                false);
        this.path = path;
    }

    /** The root of the tree. */
    public String path() {
        return path;
    }
}
