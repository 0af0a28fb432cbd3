package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Models that nobody asks for any more are forgotten, and nothing that counts is. */
class IdleKeysTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);

    private ModelRateLimiter limiter(UnaryOperator<RateLimitProfile.Builder> profile) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(profile.apply(RateLimitProfile.builder("*", "*").concurrency(2))
                                .build()))
                .scheduler(clock)
                .build();
    }

    private static Permit permit(ModelRateLimiter limiter) {
        VirtualLimiter.Caller caller = new VirtualLimiter.Caller();
        limiter.acquire(PermitRequest.of(KEY, TokenEstimate.of(10, 10)).maxHold(Duration.ofDays(9)))
                .subscribe(caller);
        return caller.permit();
    }

    @Test
    void twoWindowsAfterItsLastUseAModelIsForgotten() {
        ModelRateLimiter limiter = limiter(profile -> profile.rpm(5).tpm(500));
        permit(limiter).succeeded(TokenUsage.of(1, 1));

        clock.advanceTimeBy(Duration.ofSeconds(119));
        assertThat(limiter.states()).hasSize(1);
        clock.advanceTimeBy(Duration.ofSeconds(61));
        assertThat(limiter.states()).isEmpty();
        assertThat(permit(limiter)).isNotNull();
    }

    @Test
    void whatStillCountsIsKept() {
        ModelRateLimiter open = limiter(profile -> profile.rpm(5));
        Permit permit = permit(open);
        ModelRateLimiter day = limiter(profile -> profile.rpd(5));
        permit(day).release();
        ModelRateLimiter calendar = limiter(profile -> profile.rpd(5).day(DayWindow.calendar(ZoneId.of("UTC"))));
        permit(calendar).release();
        ModelRateLimiter paused = limiter(profile -> profile.rpm(5));
        permit(paused)
                .failed(new ProviderFailure(
                        429, "rate_limit_exceeded", "slow down", FailureClass.RATE_LIMIT, Duration.ofMinutes(9)));

        clock.advanceTimeBy(Duration.ofMinutes(8));
        assertThat(open.states()).as("a call is in flight").hasSize(1);
        assertThat(day.states()).as("it counts for a day").hasSize(1);
        assertThat(calendar.states()).as("it counts until midnight").hasSize(1);
        assertThat(paused.states()).as("the provider wants no more").hasSize(1);

        permit.release();
        clock.advanceTimeBy(Duration.ofDays(1).plusMinutes(3));
        for (ModelRateLimiter limiter : new ModelRateLimiter[] {open, day, calendar, paused}) {
            assertThat(limiter.states()).isEmpty();
        }
    }

    @Test
    void aCallThatFoundItsQueueBeforeItWasForgottenGetsThroughAllTheSame() {
        ModelRateLimiter limiter = limiter(profile -> profile.rpm(5));
        permit(limiter).release();
        // Subscribed, and nothing requested yet.
        StepVerifier.FirstStep<Permit> late =
                StepVerifier.create(limiter.acquire(PermitRequest.of(KEY, TokenEstimate.of(10, 10))), 0);
        late.expectSubscription()
                .then(() -> clock.advanceTimeBy(Duration.ofMinutes(9)))
                .then(() -> assertThat(limiter.states()).isEmpty())
                .thenRequest(1)
                .assertNext(permit -> {
                    assertThat(limiter.snapshot(KEY).inFlight()).isEqualTo(1);
                    permit.release();
                })
                .verifyComplete();
        assertThat(limiter.snapshot(KEY).requests()).isEqualTo(1);
        assertThat(limiter.snapshot(KEY).inFlight()).isZero();
    }

    @Test
    void forgettingAndAskingAtTheSameTimeLosesNothing() {
        // Windows of a microsecond: each sweep finds queues that are idle at that moment.
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("*", "*").concurrency(1).build()))
                .window(Duration.ofNanos(1_000))
                .build();
        KnownQueues queues = limiter.queues();
        Mono<Long> calls = Flux.range(0, 40_000)
                .flatMap(
                        call -> limiter.withPermit(
                                        PermitRequest.of(ModelKey.of("p", "m" + call % 3))
                                                .timeout(Duration.ofSeconds(20)),
                                        permit -> Mono.just(call))
                                .subscribeOn(Schedulers.parallel()),
                        8)
                .count()
                .cache();
        Mono<Long> sweeps = Flux.range(0, 4_000)
                .publishOn(Schedulers.boundedElastic())
                .doOnNext(sweep -> queues.sweep())
                .count();
        StepVerifier.create(Mono.zip(calls, sweeps))
                .assertNext(both -> assertThat(both.getT1()).isEqualTo(40_000))
                .expectComplete()
                .verify(Duration.ofSeconds(30));
        for (String model : List.of("m0", "m1", "m2")) {
            assertThat(limiter.snapshot(ModelKey.of("p", model)).inFlight()).isZero();
            assertThat(limiter.snapshot(ModelKey.of("p", model)).pending()).isZero();
        }
        limiter.dispose();
    }

    @Test
    void aMillionKeysThatAreUsedOnceDoNotStay() {
        ModelRateLimiter limiter = limiter(profile -> profile.rpm(5));
        int most = 0;
        int keys = Boolean.getBoolean("sluice.long") ? 1_000_000 : 100_000;
        for (int i = 0; i < keys; i++) {
            VirtualLimiter.Caller caller = new VirtualLimiter.Caller();
            limiter.acquire(PermitRequest.of(ModelKey.of("p", "m" + i))).subscribe(caller);
            caller.permit().release();
            clock.advanceTimeBy(Duration.ofMillis(100));
            most = Math.max(most, i % 100 == 0 ? limiter.queues().size() : 0);
        }
        // Ten a second, for three windows at the most.
        assertThat(most).isLessThanOrEqualTo(1_900);
        clock.advanceTimeBy(Duration.ofMinutes(4));
        assertThat(limiter.queues().size()).isZero();
        assertThat(limiter.queues().names()).isZero();
    }
}
