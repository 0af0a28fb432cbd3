package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

class LimiterEventsTest {

    private final VirtualLimiter one =
            new VirtualLimiter(profile -> profile.rpm(100).concurrency(2));
    private final List<RateLimitEvent> events = new ArrayList<>();

    @Test
    void aHistoryIsToldInOrderAndWithoutGaps() {
        one.limiter.events().subscribe(events::add);
        Permit first = one.ask(tokens(5).maxHold(Duration.ofMinutes(9))).permit();
        one.ask(1);
        Caller third = one.ask(tokens(1).timeout(Duration.ofSeconds(1)));
        one.passSeconds(1);
        assertThat(third.error()).isNotNull();
        first.rateLimited(new ProviderFailure(429, null, "x", FailureClass.RATE_LIMIT, Duration.ofSeconds(3)));
        one.limiter.update(
                RateLimitProfile.builder("p", "m").rpm(50).concurrency(2).build());
        one.pass(Duration.ofMinutes(10));
        assertThat(events)
                .extracting(event -> event.getClass().getSimpleName())
                .containsExactly(
                        "Granted",
                        "Granted",
                        "Waiting",
                        "Rejected",
                        "RateLimited",
                        "Paused",
                        "CapChanged",
                        "ProfileChanged",
                        "Reclaimed");
        assertThat(events).extracting(RateLimitEvent::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(events).allSatisfy(event -> assertThat(event.key()).isEqualTo(VirtualLimiter.KEY));
    }

    @Test
    void aSlowSubscriberLosesTheOldestAndSeesTheGapAndHoldsUpNobody() {
        one.limiter.events().subscribe(events::add);
        List<Long> slow = new ArrayList<>();
        BaseSubscriber<RateLimitEvent> reluctant = new BaseSubscriber<>() {
            @Override
            protected void hookOnSubscribe(Subscription subscription) {}

            @Override
            protected void hookOnNext(RateLimitEvent event) {
                slow.add(event.sequence());
            }
        };
        one.limiter.events().subscribe(reluctant);
        for (int i = 0; i < 2_000; i++) {
            one.passSeconds(1);
            one.ask(1).permit().succeeded(TokenUsage.UNKNOWN);
        }
        reluctant.requestUnbounded();
        one.clock.advanceTime();
        assertThat(events).hasSize(4_000);
        assertThat(slow).hasSizeLessThan(700).endsWith(4_000L).isSorted();
    }

    @Test
    void aSubscriberThatFailsHoldsUpNobody() {
        one.limiter.events().subscribe(event -> {
            throw new IllegalStateException("listener");
        });
        one.limiter.events().subscribe(events::add);
        reactor.core.publisher.Hooks.onErrorDropped(error -> {});
        try {
            one.ask(1).permit().succeeded(TokenUsage.UNKNOWN);
            one.ask(1);
        } finally {
            reactor.core.publisher.Hooks.resetOnErrorDropped();
        }
        assertThat(events).hasSize(3);
    }
}
