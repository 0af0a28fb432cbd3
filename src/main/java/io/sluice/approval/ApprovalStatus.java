package io.sluice.approval;

/** Where a request stands. What is decided stays decided; from an approval on, the status tells of the carrying out. */
public enum ApprovalStatus {
    /** It is stored; nobody has been told of it yet. */
    REQUESTED,
    /** At least one channel has told somebody. */
    NOTIFIED,
    /** Others have been asked as well, because nobody decided. */
    ESCALATED,
    /** It may be carried out as it was asked for. */
    APPROVED,
    /** It may be carried out with other arguments. */
    APPROVED_WITH_EDITS,
    /** It must not be carried out: somebody said so. */
    REJECTED,
    /** It must not be carried out: nobody decided in time. */
    EXPIRED,
    /** It must not be carried out: whoever wanted it takes it back. */
    CANCELLED,
    /** It must not be carried out: the same call was asked for again, with other arguments. */
    SUPERSEDED,
    /** Approved, and somebody is carrying it out. */
    EXECUTING,
    /** Approved and carried out. */
    EXECUTED,
    /** Approved, and the carrying out failed. */
    FAILED,
    /** Approved; whoever carried it out was stopped before it said how that ended. It is never repeated by itself. */
    OUTCOME_UNKNOWN;

    /** Whether somebody can still decide. */
    public boolean pending() {
        return this == REQUESTED || this == NOTIFIED || this == ESCALATED;
    }

    /** Whether it was approved, whatever became of it. */
    public boolean approved() {
        return switch (this) {
            case APPROVED, APPROVED_WITH_EDITS, EXECUTING, EXECUTED, FAILED, OUTCOME_UNKNOWN -> true;
            default -> false;
        };
    }

    /** Whether it waits to be carried out. */
    public boolean claimable() {
        return this == APPROVED || this == APPROVED_WITH_EDITS;
    }
}
