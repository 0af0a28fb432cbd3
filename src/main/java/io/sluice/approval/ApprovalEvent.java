package io.sluice.approval;

/**
 * Something happened in a flow: the same that stands in its audit log, told to whoever listens. Events of one flow are numbered
 * one after the other while anybody listens; a subscriber that was too slow for some sees a gap.
 *
 * @param sequence the number of the event, counted from 1
 * @param note what happened
 */
public record ApprovalEvent(long sequence, AuditNote note) {

    /** What happened. */
    public AuditKind kind() {
        return note.kind();
    }
}
