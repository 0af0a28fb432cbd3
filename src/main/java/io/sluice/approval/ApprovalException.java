package io.sluice.approval;

import io.sluice.FailureClass;
import io.sluice.SluiceException;

/** Something about a request cannot be done as it was asked for; its message says why, and what to do instead. */
public abstract sealed class ApprovalException extends SluiceException
        permits ApprovalNotFoundException,
                ApprovalConflictException,
                ApprovalLateException,
                ApproverRefusedException,
                EditRefusedException,
                ExecutionRefusedException,
                ApprovalFlowClosedException {

    private final String id;

    ApprovalException(String id, String message, FailureClass failureClass) {
        super(message, null, failureClass, null, false);
        this.id = id;
    }

    /** The id of the request or grant; empty where it is about none. */
    public String id() {
        return id;
    }
}
