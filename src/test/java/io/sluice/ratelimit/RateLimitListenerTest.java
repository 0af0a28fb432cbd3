package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Listeners hear everything, one event at a time, and can do no harm. */
class RateLimitListenerTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");

    private static ModelRateLimiter.Builder limiter() {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder(KEY).concurrency(4).build()));
    }

    private static PermitRequest request() {
        return PermitRequest.of(KEY, TokenEstimate.of(1, 1));
    }

    @Test
    void nothingIsLostHoweverMany() {
        AtomicInteger granted = new AtomicInteger();
        AtomicInteger settled = new AtomicInteger();
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        List<Long> sequence = new ArrayList<>();
        ModelRateLimiter limiter = limiter()
                .listener(new RateLimitListener() {
                    @Override
                    public void granted(RateLimitEvent.Granted event) {
                        granted.incrementAndGet();
                        told(event);
                    }

                    @Override
                    public void settled(RateLimitEvent.Settled event) {
                        settled.incrementAndGet();
                        told(event);
                    }

                    @Override
                    public void waiting(RateLimitEvent.Waiting event) {
                        waiting.incrementAndGet();
                        told(event);
                    }

                    private void told(RateLimitEvent event) {
                        assertThat(inside.incrementAndGet()).as("one at a time").isEqualTo(1);
                        sequence.add(event.sequence());
                        inside.decrementAndGet();
                    }
                })
                .build();
        int calls = 20_000;
        Mono<Long> all = Flux.range(0, calls)
                .flatMap(
                        call -> limiter.withPermit(request(), permit -> Mono.just(call))
                                .subscribeOn(Schedulers.parallel()),
                        64)
                .count();
        StepVerifier.create(all).expectNext((long) calls).expectComplete().verify(Duration.ofSeconds(30));
        StepVerifier.create(limiter.disposeLater()).expectComplete().verify(Duration.ofSeconds(5));

        assertThat(granted).hasValue(calls);
        assertThat(settled).hasValue(calls);
        assertThat(sequence).hasSize(2 * calls + waiting.get());
        for (int i = 0; i < sequence.size(); i++) {
            assertThat(sequence.get(i)).isEqualTo(i + 1);
        }
    }

    @Test
    void aListenerThatThrowsHarmsNobody() {
        AtomicInteger heard = new AtomicInteger();
        ModelRateLimiter limiter = limiter()
                .listener(new RateLimitListener() {
                    @Override
                    public void granted(RateLimitEvent.Granted event) {
                        throw new StackOverflowError("a listener with a defect");
                    }
                })
                .listener(new RateLimitListener() {
                    @Override
                    public void granted(RateLimitEvent.Granted event) {
                        heard.incrementAndGet();
                    }
                })
                .build();

        StepVerifier.create(limiter.withPermit(request(), permit -> Mono.just(1)))
                .expectNext(1)
                .verifyComplete();
        assertThat(heard).hasValue(1);
        assertThat(limiter.snapshot(KEY).inFlight()).isZero();
    }

    @Test
    void aListenerMayAskTheLimiter() {
        AtomicBoolean sawItsOwnCall = new AtomicBoolean();
        AtomicInteger further = new AtomicInteger();
        ModelRateLimiter[] itself = new ModelRateLimiter[1];
        itself[0] = limiter()
                .listener(new RateLimitListener() {
                    @Override
                    public void granted(RateLimitEvent.Granted event) {
                        sawItsOwnCall.set(itself[0].snapshot(KEY).requests() > 0);
                        if (further.incrementAndGet() < 3) {
                            itself[0].acquire(request()).subscribe(new VirtualLimiter.Caller());
                        }
                    }
                })
                .build();
        VirtualLimiter.Caller caller = new VirtualLimiter.Caller();
        itself[0].acquire(request()).subscribe(caller);

        assertThat(caller.hasPermit()).isTrue();
        assertThat(sawItsOwnCall).isTrue();
        assertThat(further).hasValue(3);
        caller.permit().succeeded(TokenUsage.UNKNOWN);
    }
}
