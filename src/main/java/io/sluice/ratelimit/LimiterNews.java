package io.sluice.ratelimit;

import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.RateLimitEvent.SettledAs;
import io.sluice.support.EventHub;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Makes the events of a limiter, if anybody listens: lossy ones and lossless ones, of the same. Noted by the writer of a queue, told after it has left. */
final class LimiterNews {

    private final TimeSource time;
    private final EventHub<RateLimitEvent> hub;

    private final ToldListeners listeners;

    LimiterNews(TimeSource time, List<RateLimitListener> listeners) {
        this.time = time;
        this.listeners = new ToldListeners(listeners);
        this.hub = new EventHub<>(time::scheduler);
    }

    Flux<RateLimitEvent> events() {
        return hub.events();
    }

    void tell() {
        hub.tell();
        listeners.tell();
    }

    private boolean isHeard() {
        return !listeners.isEmpty() || hub.isHeard();
    }

    private void note(LongFunction<RateLimitEvent> event) {
        if (hub.isHeard()) {
            hub.note(event);
        }
        if (!listeners.isEmpty()) {
            listeners.note(event);
        }
    }

    void close() {
        hub.close();
    }

    void granted(LivePermit permit) {
        if (isHeard()) {
            Duration waited = permit.waited();
            note(n -> new RateLimitEvent.Granted(
                    n, time.instant(), permit.key(), permit.id(), permit.estimate(), waited));
        }
    }

    void waiting(Waiter waiter, int pending) {
        if (isHeard()) {
            note(n -> new RateLimitEvent.Waiting(n, time.instant(), waiter.key(), waiter.estimate(), pending));
        }
    }

    void settled(LivePermit permit, SettledAs as, TokenUsage usage, long now) {
        if (isHeard()) {
            Duration held = Duration.ofNanos(now - permit.grantedAt);
            note(n -> new RateLimitEvent.Settled(n, time.instant(), permit.key(), permit.id(), as, usage, held));
        }
    }

    void rateLimited(LivePermit permit, @Nullable Duration retryAfter) {
        if (isHeard()) {
            note(n -> new RateLimitEvent.RateLimited(n, time.instant(), permit.key(), permit.id(), retryAfter));
        }
    }

    void paused(ModelKey key, Duration pause) {
        if (isHeard()) {
            note(n -> new RateLimitEvent.Paused(n, time.instant(), key, pause));
        }
    }

    void capChanged(ModelKey key, int before, int after) {
        if (before != after && isHeard()) {
            note(n -> new RateLimitEvent.CapChanged(n, time.instant(), key, before, after));
        }
    }

    void rejected(ModelKey key, SluiceException reason) {
        if (isHeard()) {
            note(n -> new RateLimitEvent.Rejected(n, time.instant(), key, reason));
        }
    }

    void reclaimed(LivePermit permit, long now) {
        if (isHeard()) {
            Duration held = Duration.ofNanos(now - permit.grantedAt);
            note(n -> new RateLimitEvent.Reclaimed(n, time.instant(), permit.key(), permit.id(), held));
        }
    }

    void profileChanged(ModelKey key, RateLimitProfile before, RateLimitProfile after) {
        if (isHeard()) {
            note(n -> new RateLimitEvent.ProfileChanged(n, time.instant(), key, before, after));
        }
    }

    void nested(LivePermit permit, LivePermit lender) {
        if (isHeard()) {
            note(n -> new RateLimitEvent.Nested(n, time.instant(), permit.key(), permit.id(), lender.id()));
        }
    }
}
