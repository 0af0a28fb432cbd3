package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.KEY;
import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Each defect of the earlier scheduler that must not come back, by its number. */
class SeedDefectsTest {

    private static ProviderFailure limited(Duration hint) {
        return new ProviderFailure(429, "rate_limit_exceeded", "slow down", FailureClass.RATE_LIMIT, hint);
    }

    @Test
    @DisplayName("D-RL-01: a request above the limit fails at once and names both numbers")
    void aRequestThatCanNeverFitFailsAtOnce() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.tpm(1_000).utilizationTarget(0.7));
        assertThat(one.ask(1_001).error())
                .isInstanceOf(RequestTooLargeException.class)
                .hasMessageContaining("1001")
                .hasMessageContaining("1000")
                .hasMessageContaining("p/m");
        assertThat(one.snapshot().pending()).isZero();
    }

    @Test
    @DisplayName("D-RL-01: a request between target and limit is admitted alone, or refused where the profile says so")
    void aRequestAboveTheTargetIsAdmittedAlone() {
        VirtualLimiter one = new VirtualLimiter(
                profile -> profile.tpm(1_000).utilizationTarget(0.7).concurrency(9));
        one.ask(1);
        Caller large = one.ask(701);
        Caller next = one.ask(1);
        one.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(large.hasPermit()).isFalse();
        one.pass(Duration.ofNanos(1));
        assertThat(large.hasPermit()).isTrue();
        assertThat(next.hasPermit()).as("alone").isFalse();
        one.passSeconds(60);
        assertThat(next.hasPermit()).isTrue();

        VirtualLimiter strict = new VirtualLimiter(
                profile -> profile.tpm(1_000).utilizationTarget(0.7).oversize(Oversize.STRICT));
        assertThat(strict.ask(701).error()).isInstanceOf(RequestTooLargeException.class);
    }

    @Test
    @DisplayName("D-RL-02: a wait has a deadline, and its error says what was asked and what was free")
    void aWaitHasADeadline() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.rpm(5).tpm(100));
        one.ask(90);
        Caller waiting = one.ask(tokens(20).timeout(Duration.ofSeconds(7)));
        one.pass(Duration.ofSeconds(7).minusNanos(1));
        assertThat(waiting.error()).isNull();
        one.pass(Duration.ofNanos(1));
        assertThat(waiting.error())
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("p/m")
                .hasMessageContaining("PT7S")
                .hasMessageContaining("20 tokens")
                .hasMessageContaining("90 of 100 tokens")
                .hasMessageContaining("1 of 5 requests")
                .hasMessageContaining("1 of 1 calls in flight");
        assertThat(one.snapshot().pending()).isZero();
    }

    @Test
    @DisplayName("D-RL-03: failure and cancellation give the slot back")
    void failureAndCancellationGiveTheSlotBack() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.rpm(100));
        Mono<String> failing =
                one.limiter.withPermit(tokens(1), permit -> Mono.error(new IllegalStateException("500")));
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(failing::block);
        assertThat(one.snapshot().inFlight()).isZero();
        one.limiter.withPermit(tokens(1), permit -> Mono.never()).subscribe().dispose();
        assertThat(one.snapshot().inFlight()).isZero();
        one.ask(1).permit().failed(new IllegalStateException());
        one.ask(1).permit().release();
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(one.snapshot().requests()).isEqualTo(4);
    }

    @Test
    @DisplayName("D-RL-04: eight threads of 400 calls each lose nothing and overshoot nothing")
    void manyThreadsAreSafe() {
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("p", "m").concurrency(3).build()))
                .build();
        java.util.concurrent.atomic.AtomicInteger running = new java.util.concurrent.atomic.AtomicInteger();
        java.util.concurrent.atomic.AtomicInteger most = new java.util.concurrent.atomic.AtomicInteger();
        Long done = Flux.range(0, 8)
                .flatMap(thread -> Flux.range(0, 400)
                        .flatMap(call -> limiter.withPermit(
                                tokens(1),
                                permit -> Mono.fromCallable(() -> {
                                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                                    running.decrementAndGet();
                                    return call;
                                })))
                        .subscribeOn(Schedulers.boundedElastic()))
                .count()
                .block(Duration.ofSeconds(60));
        assertThat(done).isEqualTo(3_200);
        assertThat(most.get()).isLessThanOrEqualTo(3);
        assertThat(limiter.snapshot(KEY).inFlight()).isZero();
        assertThat(limiter.snapshot(KEY).pending()).isZero();
    }

    @Test
    @DisplayName("D-RL-05: a large request is not overtaken by small ones")
    void aLargeRequestDoesNotStarve() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.tpm(700).concurrency(1_000));
        List<Caller> before = one.ask(7, 100);
        assertThat(before).allMatch(Caller::hasPermit);
        Caller large = one.ask(600);
        List<Caller> after = one.ask(20, 100);
        one.passSeconds(60);
        assertThat(large.hasPermit()).isTrue();
        assertThat(after.stream().filter(Caller::hasPermit)).hasSize(1);
    }

    @Test
    @DisplayName("D-RL-06: a freed slot goes to the next at once")
    void aFreedSlotGoesToTheNextAtOnce() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.rpm(100));
        Caller first = one.ask(1);
        Caller second = one.ask(1);
        one.passSeconds(5);
        first.permit().succeeded(TokenUsage.UNKNOWN);
        assertThat(second.hasPermit()).isTrue();
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    @DisplayName("D-RL-07: the wait is measured by the clock, to the nanosecond")
    void theWaitIsMeasured() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.rpm(1).concurrency(2));
        one.ask(1);
        one.pass(Duration.ofNanos(123_456_789));
        Caller second = one.ask(1);
        one.passSeconds(67);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(60).minusNanos(123_456_789));
    }

    @Test
    @DisplayName("D-RL-08: window arithmetic is exact at every clock reading")
    void noRoundingLetsACallInEarly() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.rpm(1).concurrency(2));
        one.pass(Duration.ofNanos(7_919_999_999_999_983L));
        one.ask(1);
        Caller second = one.ask(1);
        one.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(second.hasPermit()).isFalse();
        one.pass(Duration.ofNanos(1));
        assertThat(second.hasPermit()).isTrue();
    }

    @Test
    @DisplayName("D-RL-09: a raised limit reaches those who wait at once, a lowered one refuses those who fit no more")
    void aChangedLimitReachesThoseWhoWait() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.tpm(10).concurrency(100));
        one.ask(10);
        Caller waiting = one.ask(10);
        one.limiter.update(RateLimitProfile.builder("p", "m")
                .tpm(1_000)
                .utilizationTarget(1)
                .concurrency(100)
                .build());
        assertThat(waiting.hasPermit()).isTrue();

        one.ask(980);
        Caller large = one.ask(500);
        one.limiter.update(RateLimitProfile.builder("p", "m")
                .tpm(100)
                .utilizationTarget(1)
                .concurrency(100)
                .build());
        assertThat(large.error()).isInstanceOf(RequestTooLargeException.class);
        assertThat(one.snapshot().tokens()).as("what was used stays charged").isEqualTo(1_000);
    }

    @Test
    @DisplayName("D-RL-10: a changed profile moves the live cap")
    void aChangedProfileMovesTheCap() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(1));
        one.ask(1);
        Caller second = one.ask(1);
        one.limiter.update(RateLimitProfile.builder("p", "m").concurrency(8).build());
        assertThat(second.hasPermit()).isTrue();
        one.limiter.update(RateLimitProfile.builder("p", "m").concurrency(2).build());
        assertThat(one.snapshot().currentConcurrencyCap()).isEqualTo(2);
    }

    @Test
    @DisplayName("D-RL-11: models under a wildcard have the same limits, each for itself, and keep their names")
    void aWildcardSuppliesLimitsNotState() {
        ModelRateLimiter limiter =
                ModelRateLimiter.builder().profiles(RateLimitProfiles.builtin()).build();
        Permit a = limiter.acquire(PermitRequest.of(ModelKey.of("openai", "model-a")))
                .block();
        Permit b = limiter.acquire(PermitRequest.of(ModelKey.of("openai", "model-b")))
                .block();
        assertThat(a.key()).isEqualTo(ModelKey.of("openai", "model-a"));
        assertThat(limiter.snapshot(b.key()).key()).isEqualTo(b.key());
        assertThat(limiter.snapshot(ModelKey.of("openai", "gpt-4o-2024-08-06")).tpmLimit())
                .isEqualTo(30_000_000);
        limiter.dispose();
    }

    @Test
    @DisplayName("D-RL-12: with the built-in limits of gpt-4o, ten-second calls run beside one another")
    void theBuiltInCapGrowsWithTheDemand() {
        VirtualLimiter one =
                new VirtualLimiter(profile -> profile, builder -> builder.profiles(RateLimitProfiles.builtin()));
        ModelKey key = ModelKey.of("openai", "gpt-4o");
        List<String> done = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            one.limiter
                    .withPermit(
                            PermitRequest.of(key).timeout(Duration.ofHours(2)),
                            permit -> Mono.delay(Duration.ofSeconds(10), one.clock)
                                    .thenReturn("done"))
                    .subscribe(done::add);
        }
        one.passSeconds(300);
        assertThat(done).as("the seed let 30 calls through in five minutes").hasSizeGreaterThan(1_000);
        assertThat(one.limiter.snapshot(key).currentConcurrencyCap()).isGreaterThan(50);
    }

    @Test
    @DisplayName("D-RL-14: a call costs the same with 100,000 charges in the window as with 100")
    void costDoesNotGrowWithTheWindow() {
        RollingLog log = new RollingLog(60_000_000_000L);
        for (int i = 0; i < 100_000; i++) {
            log.charge(i * 1_000L, 1);
        }
        assertThat(log.slots()).isLessThanOrEqualTo(2 * RollingLog.EXACT + 2);
        assertThat(log.sum()).isEqualTo(100_000);
    }

    @Test
    @DisplayName("D-RL-15: a clock that goes back neither frees nor keeps anything")
    void aClockThatGoesBackIsNotBelieved() {
        io.sluice.testing.SettableScheduler clock = new io.sluice.testing.SettableScheduler();
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("p", "m")
                                .rpm(1)
                                .utilizationTarget(1)
                                .concurrency(5)
                                .build()))
                .scheduler(clock)
                .build();
        clock.set(Duration.ofSeconds(100));
        Caller first = new Caller();
        limiter.acquire(tokens(1)).subscribe(first);
        assertThat(first.hasPermit()).isTrue();
        clock.set(Duration.ofSeconds(50));
        Caller second = new Caller();
        limiter.acquire(tokens(1)).subscribe(second);
        clock.set(Duration.ofSeconds(159));
        clock.fire();
        assertThat(second.hasPermit()).isFalse();
        clock.set(Duration.ofSeconds(160));
        clock.fire();
        assertThat(second.hasPermit()).isTrue();
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    @DisplayName("D-RL-16: only the first outcome of a permit counts")
    void onlyTheFirstOutcomeCounts() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(8));
        Permit permit = one.ask(10).permit();
        assertThat(permit.rateLimited(limited(null))).isEqualTo(Duration.ofSeconds(1));
        permit.rateLimited(limited(null));
        permit.rateLimited(limited(null));
        for (int i = 0; i < 4; i++) {
            permit.succeeded(TokenUsage.of(5, 5));
        }
        permit.abandon();
        assertThat(one.snapshot().currentConcurrencyCap()).isEqualTo(4);
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(one.snapshot().requests()).isEqualTo(1);
    }

    @Test
    @DisplayName("D-RL-17: a call that outlived the window is charged for what exceeds its estimate when that is known")
    void aLongCallDoesNotEscapeTheLimit() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.tpm(700).concurrency(5));
        Permit permit = one.ask(100).permit();
        one.passSeconds(65);
        permit.succeeded(TokenUsage.of(4_000, 1_100));
        assertThat(one.snapshot().tokens()).isEqualTo(5_000);
        Caller next = one.ask(700);
        one.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(next.hasPermit()).isFalse();
        one.pass(Duration.ofNanos(1));
        assertThat(next.hasPermit()).isTrue();
    }

    @Test
    @DisplayName("D-RL-18: a side that is unknown keeps its estimate")
    void anUnknownSideKeepsItsEstimate() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.tpm(1_000).concurrency(5));
        Permit permit =
                one.ask(PermitRequest.of(KEY, TokenEstimate.of(100, 300))).permit();
        permit.succeeded(TokenUsage.input(60));
        assertThat(one.snapshot().tokens()).isEqualTo(360);
        one.ask(PermitRequest.of(KEY, TokenEstimate.of(100, 300))).permit().succeeded(TokenUsage.output(0));
        assertThat(one.snapshot().tokens()).isEqualTo(460);
        one.ask(PermitRequest.of(KEY, TokenEstimate.of(100, 300))).permit().succeeded(TokenUsage.UNKNOWN);
        assertThat(one.snapshot().tokens()).isEqualTo(860);
    }

    @Test
    @DisplayName("D-RL-19: more than estimated is recorded as it is, and shows as debt")
    void debtIsVisible() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.tpm(700).concurrency(5));
        one.ask(100).permit().succeeded(TokenUsage.of(5_000, 0));
        assertThat(one.snapshot().tokenUtilization()).isCloseTo(7.14, org.assertj.core.data.Offset.offset(0.01));
        Caller next = one.ask(1);
        one.passSeconds(59.9);
        assertThat(next.hasPermit()).isFalse();
        one.passSeconds(0.1);
        assertThat(next.hasPermit()).isTrue();
    }

    @Test
    @DisplayName("D-RL-20: a request of exactly the target is admitted")
    void aRequestOfExactlyTheTargetIsAdmitted() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.tpm(90_000).utilizationTarget(0.7));
        assertThat(one.ask(63_000).hasPermit()).isTrue();
    }

    @Test
    @DisplayName("D-RL-21: eight calls in flight that are all refused halve the cap once")
    void aBurstOfRefusalsIsOneEvent() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(8));
        List<Caller> callers = one.ask(8, 1);
        callers.forEach(caller -> caller.permit().rateLimited(limited(null)));
        assertThat(one.snapshot().currentConcurrencyCap()).isEqualTo(4);
    }

    @Test
    @DisplayName("D-RL-22: answers to calls from before a refusal restore nothing")
    void oldSuccessesRestoreNothing() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(8));
        List<Caller> callers = one.ask(8, 1);
        callers.get(0).permit().rateLimited(limited(null));
        callers.stream().skip(1).forEach(caller -> caller.permit().succeeded(TokenUsage.UNKNOWN));
        assertThat(one.snapshot().currentConcurrencyCap()).isEqualTo(4);
    }

    @Test
    @DisplayName("D-RL-26: reading changes nothing, and averages fade with time")
    void readingChangesNothing() {
        VirtualLimiter one =
                new VirtualLimiter(profile -> profile.rpm(100).tpm(1_000).concurrency(5));
        one.ask(100).permit().succeeded(TokenUsage.UNKNOWN);
        RateLimitSnapshot first = one.snapshot();
        assertThat(IntStream.range(0, 8).mapToObj(i -> one.snapshot())).allMatch(first::equals);
        assertThat(first.averageTokens()).isEqualTo(100);
        one.passSeconds(60);
        assertThat(one.snapshot().averageTokens()).isCloseTo(36.79, org.assertj.core.data.Offset.offset(0.01));
        one.pass(Duration.ofDays(11));
        assertThat(one.snapshot().averageTokens()).isLessThan(1e-9);
        assertThat(one.snapshot().averageRequests()).isLessThan(1e-9);
    }

    @Test
    @DisplayName("D-RL-27: names of permits are unique among limiters")
    void namesOfPermitsAreUnique() {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(50));
            one.ask(20, 1).forEach(caller -> names.add(caller.permit().id()));
        }
        assertThat(names).hasSize(1_000);
    }

    @Test
    @DisplayName("D-RL-28: bad numbers are refused when they are made")
    void badNumbersAreRefused() {
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenEstimate.of(-1, 0))
                .withMessageContaining("-1");
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenEstimate.of(0, Long.MAX_VALUE));
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenUsage.of(0, -5))
                .withMessageContaining("-5");
        org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
                .isThrownBy(() -> PermitRequest.of(ModelKey.of("p", "*")));
    }
}
