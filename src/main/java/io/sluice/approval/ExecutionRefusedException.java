package io.sluice.approval;

import io.sluice.FailureClass;

/** A request may not be carried out: it is not approved, or somebody carries it out already, or did. */
public final class ExecutionRefusedException extends ApprovalException {

    private final ApprovalStatus status;

    ExecutionRefusedException(String id, ApprovalStatus status) {
        super(
                id,
                id + " must not be carried out: it is " + status
                        + (status.approved()
                                ? ". It is carried out once; ask for another approval to do it again."
                                : ". Carry out only what is approved."),
                FailureClass.REJECTED);
        this.status = status;
    }

    /** Where the request stands. */
    public ApprovalStatus status() {
        return status;
    }
}
