package io.sluice.ratelimit;

import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
     * The provider refused the call for its rate. Its request stays charged, its tokens are given back unless the profile
     * says otherwise, and fewer calls may be in flight for a while. Nobody gets a permit for this model until what the
     * provider said is over; where it did not say how long, for a growing time of our own, once for all calls that were
     * admitted before the last such refusal.
     *
     * @param failure what the provider said; its {@link ProviderFailure#retryAfter()} is the delay, unless it is zero
     * @return how long to wait before another attempt: what the provider said, or else a growing time of our own from
     *     one second to a minute
     */
    Duration rateLimited(ProviderFailure failure);

    /**
     * The call failed. What that means is read from the error, whatever client it is from: a refusal for the rate counts
     * as {@link #rateLimited}, a failure that proves that nothing was sent as {@link #abandon}; otherwise everything stays
     * charged.
     */
    void failed(Throwable error);

    /**
     * The provider has begun to answer, so it has counted the call: with a {@linkplain RateLimitProfile#skew() skew} the
     * charge ages from now. Calls of this library's adapters tell it by themselves; for others, tell it when the headers
     * of the response are there. A time-out, an error of the network or a cancelled call is no answer. The outcome is
     * told beside it; {@link #succeeded} and {@link #rateLimited} are answers themselves.
     */
    void answered();

    /**
     * What the headers of the provider's answer say. Where they leave less of a limit than the calls
     * of this limiter can explain, others use the account too: what they used counts from now on. It never counts for
     * less. Believed are limits over the limiter's own window, by the header's name or by {@code reset * limit / used},
     * and only of the newest call that was answered.
     *
     * <p>Calls of this library's adapters tell it by themselves. The outcome is told beside it, before or after.
     *
     * @param headers gives all values of a header, an empty list or null where it is missing; asked before this returns
     *     only, with names in lower case
     */
    void headers(Function<? super String, ? extends @Nullable List<String>> headers);

    /** The call was sent and nobody knows how it ended. Everything stays charged. */
    void release();

    /** The call was never sent. Everything is given back. */
    void abandon();
}
