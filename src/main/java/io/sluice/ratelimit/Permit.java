package io.sluice.ratelimit;

import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;

/**
 * The right to send one call, and the account of what it costs. Exactly one outcome counts, the first that is told;
 * later ones are no-ops. Each gives the slot back; they differ in what stays charged against the limits.
 *
 * <p>Inside {@code withPermit} and {@code withPermitMany} the operator tells the outcome if the call did not. A permit of
 * {@code acquire} must be ended by its holder. All methods are thread-safe, return at once and never throw for being
 * called twice.
 */
public interface Permit {

    /** A name for this permit, unique among all limiters of all processes; for logs and events. */
    String id();

    /** The model that it was asked for. */
    ModelKey key();

    /** What was charged at admission, beside one request. */
    TokenEstimate estimate();

    /** How long the call waited for it, by the limiter's clock. */
    Duration waited();

    /**
     * The provider answered. What the call used takes the place of the estimate: less is given back to its own place in
     * the window, more is charged now, also when the call outlived the window. A side that is unknown keeps its estimate.
     */
    void succeeded(TokenUsage usage);

    /**
     * The provider refused the call for its rate. Its tokens are given back, its request stays charged, and fewer calls
     * may be in flight for a while.
     *
     * @param failure what the provider said; its {@link SluiceException#retryAfter()} is the delay
     * @return how long to wait before another attempt: what the provider said, or else a growing time of our own from
     *     one second to a minute
     */
    Duration rateLimited(SluiceException failure);

    /**
     * The call failed. Everything stays charged, except where the failure proves that nothing was sent: then it is as
     * {@link #abandon()}.
     */
    void failed(Throwable error);

    /** The call was sent and nobody knows how it ended. Everything stays charged. */
    void release();

    /** The call was never sent. Everything is given back. */
    void abandon();
}
