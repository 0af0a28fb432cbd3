package io.sluice.ratelimit;

/**
 * Is told everything that happens in a limiter, for counters that must not lose anything. {@link
 * ModelRateLimiter#events()} tells the same to subscribers who may be slow, and so may lose some.
 *
 * <p><b>Threads.</b> A listener is called by the thread that caused the event, or by one that caused another event at the
 * same time; this may be an event loop. It is never called by two threads at once, nor while the limiter holds any state,
 * so it may ask the limiter anything. Events of one model come in the order in which they happened. The thread goes on
 * when the listener returns, so it must be quick and must not block.
 *
 * <p><b>Errors.</b> What a listener throws is logged, and harms neither the limiter nor other listeners.
 *
 * <p>{@link RateLimitEvent#sequence()} counts the events of the limiter from 1, without a gap.
 */
public interface RateLimitListener {

    /** A call got its permit. */
    default void granted(RateLimitEvent.Granted event) {}

    /** A call has to wait. */
    default void waiting(RateLimitEvent.Waiting event) {}

    /** A call ended otherwise than by a rate limit. */
    default void settled(RateLimitEvent.Settled event) {}

    /** The provider refused a call for its rate. */
    default void rateLimited(RateLimitEvent.RateLimited event) {}

    /** The provider refused a call, and no other is admitted for a while. */
    default void paused(RateLimitEvent.Paused event) {}

    /** More or fewer calls may be in flight. */
    default void capChanged(RateLimitEvent.CapChanged event) {}

    /** A call was turned away. */
    default void rejected(RateLimitEvent.Rejected event) {}

    /** A bare permit was held too long. */
    default void reclaimed(RateLimitEvent.Reclaimed event) {}

    /** Other limits apply. */
    default void profileChanged(RateLimitEvent.ProfileChanged event) {}

    /** A call runs inside another call of the same model. */
    default void nested(RateLimitEvent.Nested event) {}
}
