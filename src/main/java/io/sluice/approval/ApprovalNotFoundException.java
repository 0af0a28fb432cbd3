package io.sluice.approval;

import io.sluice.FailureClass;

/** There is no such request, or no such grant. Over HTTP: 404. */
public final class ApprovalNotFoundException extends ApprovalException {

    ApprovalNotFoundException(String id, String what) {
        super(
                id,
                "There is no " + what + " " + OneLine.of(id, 40) + ". List those there are, and check the id.",
                FailureClass.CALLER);
    }
}
