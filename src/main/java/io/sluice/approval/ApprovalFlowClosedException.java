package io.sluice.approval;

import io.sluice.FailureClass;

/** The flow was closed. What it asked for stays in its store, where the next flow takes it up. */
public final class ApprovalFlowClosedException extends ApprovalException {

    ApprovalFlowClosedException() {
        super(
                "",
                "This approval flow was closed. Its requests stay in the store; start another flow on it to go on.",
                FailureClass.REJECTED);
    }
}
