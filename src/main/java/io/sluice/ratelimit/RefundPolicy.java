package io.sluice.ratelimit;

/** What becomes of tokens that were estimated for a call, charged, and then not used. */
public enum RefundPolicy {

    /** They are given back when the call tells what it used: the provider settles too. */
    REFUND_UNUSED,

    /**
     * They stay charged until they leave the window: the provider counts the estimate when the request arrives, and does
     * not look at it again. Azure's page "Quotas and limits" describes it so (as of 2026-11); what a call uses beyond its
     * estimate is charged all the same.
     */
    KEEP_ESTIMATE
}
