package io.sluice.ratelimit;

import io.sluice.SluiceException;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.RateLimitEvent.SettledAs;
import io.sluice.support.EventHub;
import io.sluice.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Makes the events of a limiter, if anybody listens. Noted by the writer of a queue, told after it has left. */
final class LimiterNews {

    private final TimeSource time;
    private final EventHub<RateLimitEvent> hub;

    LimiterNews(TimeSource time) {
        this.time = time;
        this.hub = new EventHub<>(time::scheduler);
    }

    Flux<RateLimitEvent> events() {
        return hub.events();
    }

    void tell() {
        hub.tell();
    }

    void close() {
        hub.close();
    }

    void granted(LivePermit permit) {
        if (hub.isHeard()) {
            Duration waited = permit.waited();
            hub.note(n -> new RateLimitEvent.Granted(
                    n, time.instant(), permit.key(), permit.id(), permit.estimate(), waited));
        }
    }

    void waiting(Waiter waiter, int pending) {
        if (hub.isHeard()) {
            hub.note(n ->
                    new RateLimitEvent.Waiting(n, time.instant(), waiter.request.key(), waiter.estimate(), pending));
        }
    }

    void settled(LivePermit permit, SettledAs as, TokenUsage usage, long now) {
        if (hub.isHeard()) {
            Duration held = Duration.ofNanos(now - permit.grantedAt);
            hub.note(n -> new RateLimitEvent.Settled(n, time.instant(), permit.key(), permit.id(), as, usage, held));
        }
    }

    void rateLimited(LivePermit permit, @Nullable Duration retryAfter) {
        if (hub.isHeard()) {
            hub.note(n -> new RateLimitEvent.RateLimited(n, time.instant(), permit.key(), permit.id(), retryAfter));
        }
    }

    void paused(ModelKey key, Duration pause) {
        if (hub.isHeard()) {
            hub.note(n -> new RateLimitEvent.Paused(n, time.instant(), key, pause));
        }
    }

    void capChanged(ModelKey key, int before, int after) {
        if (before != after && hub.isHeard()) {
            hub.note(n -> new RateLimitEvent.CapChanged(n, time.instant(), key, before, after));
        }
    }

    void rejected(ModelKey key, SluiceException reason) {
        if (hub.isHeard()) {
            hub.note(n -> new RateLimitEvent.Rejected(n, time.instant(), key, reason));
        }
    }

    void reclaimed(LivePermit permit, long now) {
        if (hub.isHeard()) {
            Duration held = Duration.ofNanos(now - permit.grantedAt);
            hub.note(n -> new RateLimitEvent.Reclaimed(n, time.instant(), permit.key(), permit.id(), held));
        }
    }

    void profileChanged(ModelKey key, RateLimitProfile before, RateLimitProfile after) {
        if (hub.isHeard()) {
            hub.note(n -> new RateLimitEvent.ProfileChanged(n, time.instant(), key, before, after));
        }
    }

    void nested(LivePermit permit, LivePermit lender) {
        if (hub.isHeard()) {
            hub.note(n -> new RateLimitEvent.Nested(n, time.instant(), permit.key(), permit.id(), lender.id()));
        }
    }
}
