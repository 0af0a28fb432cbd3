package io.sluice.ratelimit;

import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened in a limiter. Events of one limiter are numbered one after the other while anybody listens; a subscriber
 * that was too slow for some sees a gap.
 */
public sealed interface RateLimitEvent {

    /** The number of the event, counted from 1 over all keys of the limiter. */
    long sequence();

    /** When it happened. */
    Instant at();

    /** The model that it happened to. */
    ModelKey key();

    /** A call got its permit. */
    record Granted(long sequence, Instant at, ModelKey key, String permitId, TokenEstimate estimate, Duration waited)
            implements RateLimitEvent {}

    /** A call has to wait. {@code pending} calls wait now, itself included. */
    record Waiting(long sequence, Instant at, ModelKey key, TokenEstimate estimate, int pending)
            implements RateLimitEvent {}

    /** A call ended otherwise than by a rate limit. The usage is unknown unless the call succeeded and told it. */
    record Settled(
            long sequence, Instant at, ModelKey key, String permitId, SettledAs as, TokenUsage usage, Duration held)
            implements RateLimitEvent {}

    /** How a permit was ended. */
    enum SettledAs {
        /** The provider answered. */
        SUCCEEDED,
        /** The call failed, or nobody knows: all stays charged. */
        KEPT,
        /** The call was never sent: nothing stays charged. */
        ABANDONED
    }

    /** The provider refused a call for its rate. {@code retryAfter} is what it said, or null. */
    record RateLimited(
            long sequence,
            Instant at,
            ModelKey key,
            String permitId,
            @Nullable Duration retryAfter) implements RateLimitEvent {}

    /** The provider refused a call, and no other is admitted until then. */
    record Paused(long sequence, Instant at, ModelKey key, Duration pause) implements RateLimitEvent {}

    /** More or fewer calls may be in flight. */
    record CapChanged(long sequence, Instant at, ModelKey key, int before, int after) implements RateLimitEvent {}

    /** A call was turned away, at once or after waiting. */
    record Rejected(long sequence, Instant at, ModelKey key, SluiceException reason) implements RateLimitEvent {}

    /** A bare permit was held too long, and its slot given to others. */
    record Reclaimed(long sequence, Instant at, ModelKey key, String permitId, Duration held)
            implements RateLimitEvent {}

    /** Other limits apply. */
    record ProfileChanged(long sequence, Instant at, ModelKey key, RateLimitProfile before, RateLimitProfile after)
            implements RateLimitEvent {}

    /** A call runs inside another call of the same model, and uses the slot of that. */
    record Nested(long sequence, Instant at, ModelKey key, String permitId, String lenderId)
            implements RateLimitEvent {}
}
