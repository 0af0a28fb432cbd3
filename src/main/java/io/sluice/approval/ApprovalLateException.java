package io.sluice.approval;

import io.sluice.FailureClass;
import java.time.Instant;

/** A decision came when the time for it was over, or the request had been taken back. Over HTTP: 410. */
public final class ApprovalLateException extends ApprovalException {

    private final ApprovalStatus status;
    private final Instant deadline;

    ApprovalLateException(ApprovalRecord record) {
        super(
                record.id(),
                "The decision about " + record.id() + " came too late: "
                        + (record.pending()
                                ? "its time was over at " + record.deadline()
                                : "it is " + record.status() + " since " + record.decidedAt())
                        + ". If it is still wanted, it has to be asked for again.",
                FailureClass.REJECTED);
        this.status = record.status();
        this.deadline = record.deadline();
    }

    /** Where the request stands. */
    public ApprovalStatus status() {
        return status;
    }

    /** When the time to decide was over. */
    public Instant deadline() {
        return deadline;
    }
}
