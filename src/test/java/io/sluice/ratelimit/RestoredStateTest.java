package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class RestoredStateTest {

    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create(false);
    private Instant wallClock = START;

    private ModelRateLimiter limiter(RateLimitProfile profile, List<RateLimitState> known) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none().with(profile))
                .scheduler(time)
                .instantSource(() -> wallClock)
                .restore(known)
                .build();
    }

    private static RateLimitProfile.Builder profile() {
        return RateLimitProfile.builder("p", "m")
                .rpm(10L)
                .tpm(1_000L)
                .utilizationTarget(1.0)
                .concurrency(4);
    }

    private void pass(Duration duration) {
        time.advanceTimeBy(duration);
        wallClock = wallClock.plus(duration);
    }

    private static List<Permit> acquire(ModelRateLimiter limiter, int calls, int tokens) {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            limiter.acquire(PermitRequest.of(KEY, TokenEstimate.of(tokens, 0))).subscribe(permits::add, error -> {});
        }
        return permits;
    }

    @Test
    void aCallThatMayNotBeCountedYetAgesFromNoEarlierAfterARestart() {
        RateLimitProfile oneAMinute =
                profile().rpm(1).skew(Duration.ofSeconds(20)).build();
        ModelRateLimiter first = limiter(oneAMinute, List.of());
        acquire(first, 1, 100);
        pass(Duration.ofSeconds(5));
        List<RateLimitState> saved = first.states();
        pass(Duration.ofSeconds(5));
        ModelRateLimiter second = limiter(oneAMinute, saved);
        List<Permit> after = acquire(second, 1, 100);
        pass(Duration.ofSeconds(70).minusNanos(1));
        assertThat(after).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(after).hasSize(1);
    }

    @Test
    void aClockThatWasSetBackKeepsSuchACallNoLongerThanItWasOpen() {
        RateLimitProfile oneAMinute =
                profile().rpm(1).skew(Duration.ofSeconds(20)).build();
        ModelRateLimiter first = limiter(oneAMinute, List.of());
        acquire(first, 1, 100);
        pass(Duration.ofSeconds(5));
        List<RateLimitState> saved = first.states();
        wallClock = wallClock.minus(Duration.ofDays(1));
        ModelRateLimiter second = limiter(oneAMinute, saved);
        List<Permit> after = acquire(second, 1, 100);
        pass(Duration.ofSeconds(75).minusNanos(1));
        assertThat(after).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(after).hasSize(1);
    }

    @Test
    void whatWasChargedBeforeCountsUntilItsOwnMinuteIsOver() {
        ModelRateLimiter first = limiter(profile().build(), List.of());
        acquire(first, 4, 100).forEach(permit -> permit.succeeded(TokenUsage.UNKNOWN));
        pass(Duration.ofSeconds(20));
        acquire(first, 4, 100).forEach(permit -> permit.succeeded(TokenUsage.UNKNOWN));
        pass(Duration.ofSeconds(20));
        List<RateLimitState> saved = first.states();

        wallClock = wallClock.plusSeconds(10);
        ModelRateLimiter second = limiter(profile().build(), saved);
        assertThat(second.snapshot(KEY).requests()).isEqualTo(8);
        assertThat(second.snapshot(KEY).tokens()).isEqualTo(800);
        assertThat(second.estimateWait(PermitRequest.of(KEY, TokenEstimate.of(300, 0))))
                .isEqualTo(Duration.ofSeconds(10));
        pass(Duration.ofSeconds(10));
        assertThat(second.snapshot(KEY).requests()).isEqualTo(4);
        pass(Duration.ofSeconds(20));
        assertThat(second.snapshot(KEY).requests()).isZero();
    }

    @Test
    void callsInFlightAreShownAndNotRestored() {
        ModelRateLimiter first = limiter(profile().build(), List.of());
        acquire(first, 4, 10);
        List<RateLimitState> saved = first.states();
        assertThat(saved)
                .singleElement()
                .satisfies(state -> assertThat(state.inFlight()).isEqualTo(4));
        ModelRateLimiter second = limiter(profile().build(), saved);
        assertThat(second.snapshot(KEY).inFlight()).isZero();
        assertThat(acquire(second, 4, 10)).hasSize(4);
    }

    @Test
    void aCapIsClampedToWhatTheProfileAllows() {
        assertThat(restoredCap(0)).as("unknown").isEqualTo(4);
        assertThat(restoredCap(2)).isEqualTo(2);
        assertThat(restoredCap(8)).isEqualTo(8);
        assertThat(restoredCap(64)).isEqualTo(8);
    }

    private int restoredCap(int cap) {
        RateLimitState state = new RateLimitState(KEY, START, List.of(), List.of(), cap, 0, 0, 0, 0, null);
        return limiter(profile().maxConcurrency(8).build(), List.of(state))
                .snapshot(KEY)
                .currentConcurrencyCap();
    }

    @Test
    void aWallClockThatWasSetBackMakesNobodyWaitLongerThanAWindow() {
        RateLimitState state = new RateLimitState(
                KEY,
                START.plus(Duration.ofDays(12)),
                List.of(
                        new RateLimitState.Charge(START.plus(Duration.ofDays(12)), 10),
                        new RateLimitState.Charge(START.minus(Duration.ofDays(12)), 7)),
                List.of(),
                4,
                0,
                0,
                5,
                0,
                null);
        ModelRateLimiter limiter = limiter(profile().build(), List.of(state));
        assertThat(limiter.snapshot(KEY).requests()).isEqualTo(10);
        assertThat(limiter.estimateWait(PermitRequest.of(KEY, TokenEstimate.NONE)))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(limiter.snapshot(KEY).averageRequests()).isCloseTo(5, within(1e-9));
    }

    @Test
    void chargesOutOfOrderAreTakenInTheirOrder() {
        List<RateLimitState.Charge> charges = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            charges.add(new RateLimitState.Charge(START.minusSeconds((i * 7) % 10), 1));
        }
        RateLimitState state = new RateLimitState(KEY, START, charges, List.of(), 4, 0, 0, 0, 0, null);
        ModelRateLimiter limiter = limiter(profile().build(), List.of(state));
        assertThat(limiter.estimateWait(PermitRequest.of(KEY, TokenEstimate.NONE)))
                .isEqualTo(Duration.ofSeconds(51));
    }

    @Test
    void aModelThatWasNotAskedForAgainIsHandedOn() {
        RateLimitState state = new RateLimitState(KEY, START, List.of(), List.of(), 3, 0, 0, 0, 0, null);
        assertThat(limiter(profile().build(), List.of(state)).states()).containsExactly(state);
    }

    @Test
    void valuesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new RateLimitState.Charge(START, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RateLimitState(KEY, START, List.of(), List.of(), 1, 0, 0, Double.NaN, 0, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("averageRequests must be finite and at least 0, was NaN");
    }
}
