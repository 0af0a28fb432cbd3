package io.sluice.approval;

/** What an entry of the audit log, or an event, tells of. */
public enum AuditKind {
    /** A request was stored. */
    REQUESTED,
    /** A channel told people of it. */
    DELIVERED,
    /** A channel could not; it is tried again while there is time. */
    DELIVERY_FAILED,
    /** Others were asked as well. */
    ESCALATED,
    /** Somebody voted. */
    VOTED,
    /** Somebody edited the arguments. */
    EDITED,
    /** It was approved. */
    APPROVED,
    /** It was rejected. */
    REJECTED,
    /** The time to decide was over. */
    EXPIRED,
    /** It was taken back. */
    CANCELLED,
    /** Another request took its place. */
    SUPERSEDED,
    /** Somebody began to carry it out. */
    CLAIMED,
    /** It was carried out. */
    EXECUTED,
    /** The carrying out failed. */
    FAILED,
    /** Nobody knows how the carrying out ended. */
    OUTCOME_UNKNOWN,
    /** Something that looked like a decision was turned away and decided nothing. */
    REPLY_REFUSED,
    /** A channel could not be asked for replies. */
    POLL_FAILED,
    /** A standing grant was issued. */
    GRANT_ISSUED,
    /** A standing grant approved a request. */
    GRANT_USED,
    /** A standing grant was revoked. */
    GRANT_REVOKED
}
