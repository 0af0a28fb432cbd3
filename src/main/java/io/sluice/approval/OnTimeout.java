package io.sluice.approval;

/** What happens to a request that nobody decided about in time. */
public enum OnTimeout {
    /** It is expired, and must not be carried out. */
    REJECT,
    /**
     * It is approved, unless it reached nobody, cannot be undone ({@link io.sluice.call.Risk#HIGH}) or is not delegable; then
     * it is expired.
     */
    APPROVE
}
