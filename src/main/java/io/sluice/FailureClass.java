package io.sluice;

/**
 * What a failure means for whoever decides about another attempt. Every error of this library carries one
 * ({@link SluiceException#failureClass()}), and errors of others are sorted into one of these.
 */
public enum FailureClass {
    /** The provider said that we are too fast. Wait as it says, then try again; nothing is broken. */
    RATE_LIMIT(true, false, true),
    /** The provider has no capacity at the moment, for anybody. */
    OVERLOADED(true, true, true),
    /** A server error, a broken connection, or a time-out of one attempt. */
    TRANSIENT(true, true, true),
    /** Any other exception of a tool or a client. */
    UNKNOWN(true, true, true),
    /** Money or quota is used up; waiting does not help. */
    QUOTA(false, false, true),
    /** The request can never fit the limit that refused it. */
    TOO_LARGE(false, false, true),
    /** The request itself is wrong, or its content was refused. */
    CALLER(false, false, false),
    /** A bug in the calling program. */
    PROGRAMMING(false, false, false),
    /** Refused by this library before anything was sent. */
    REJECTED(false, false, true);

    private final boolean retryable;
    private final boolean tripsBreaker;
    private final boolean fallback;

    FailureClass(boolean retryable, boolean tripsBreaker, boolean fallback) {
        this.retryable = retryable;
        this.tripsBreaker = tripsBreaker;
        this.fallback = fallback;
    }

    /** Whether another attempt of the same call can succeed. */
    public boolean retryable() {
        return retryable;
    }

    /** Whether the failure says that the other side is broken, so that a circuit breaker counts it. */
    public boolean tripsBreaker() {
        return tripsBreaker;
    }

    /** Whether a fallback may take the place of the failed call. */
    public boolean fallback() {
        return fallback;
    }
}
