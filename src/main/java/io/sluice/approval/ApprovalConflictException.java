package io.sluice.approval;

import io.sluice.FailureClass;

/** A decision came after another one that says the contrary, or is about arguments that were edited. Over HTTP: 409. */
public final class ApprovalConflictException extends ApprovalException {

    private final ApprovalStatus status;

    ApprovalConflictException(String id, ApprovalStatus status, String why) {
        super(id, "The decision about " + id + " was not counted: " + why, FailureClass.REJECTED);
        this.status = status;
    }

    /** Where the request stands. */
    public ApprovalStatus status() {
        return status;
    }
}
