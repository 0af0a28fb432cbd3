package io.sluice.approval;

/** What one person says about a request. */
public enum Verdict {
    /** It may be done. */
    APPROVE,
    /** It must not be done. */
    REJECT
}
