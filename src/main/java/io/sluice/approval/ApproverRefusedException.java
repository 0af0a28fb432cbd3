package io.sluice.approval;

import io.sluice.FailureClass;

/** Somebody decided who may not. Over HTTP: 403. */
public final class ApproverRefusedException extends ApprovalException {

    private final String approver;

    ApproverRefusedException(String id, String approver, String why) {
        super(
                id,
                OneLine.of(approver, 80) + " may not decide about " + id + ": " + why
                        + ". Somebody else has to decide.",
                FailureClass.REJECTED);
        this.approver = approver;
    }

    /** Who decided. */
    public String approver() {
        return approver;
    }
}
