package io.sluice.budget;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** A budget may not have another one under it: there are too many, or it would be too deep. */
public final class DelegationRefusedException extends SluiceException {

    private final String path;
    private final int limit;

    private DelegationRefusedException(String message, String path, int limit) {
        super(message, null, FailureClass.REJECTED, null, false);
        this.path = path;
        this.limit = limit;
    }

    static DelegationRefusedException tooMany(String path, int children) {
        return new DelegationRefusedException(
                "The budget " + path + " has " + children
                        + " budgets under it, which is all that it may have. Dispose of"
                        + " those whose work is done, or allow more with children(..).",
                path,
                children);
    }

    static DelegationRefusedException tooDeep(String path, int levels) {
        return new DelegationRefusedException(
                "The budget " + path + " may not have a budget under it: its tree would be deeper than the " + levels
                        + " levels that it may have. Delegate less deeply, or allow more with depth(..).",
                path,
                levels);
    }

    /** The budget that was asked for a child. */
    public String path() {
        return path;
    }

    /** How many children, or how many levels above and with this budget, are allowed. */
    public int limit() {
        return limit;
    }
}
