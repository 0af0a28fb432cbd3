package io.sluice.ratelimit;

/**
 * What happens to a request whose estimate lies above the effective token limit (the limit times the utilisation
 * target) and not above the limit itself. One above the limit itself is always refused.
 */
public enum Oversize {
    /** It is admitted alone: as soon as the token window is empty. The default. */
    ADMIT_ALONE,
    /** It is refused like one above the limit. */
    STRICT
}
