package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Limits on requests and tokens of a day: any 24 hours, or from midnight to midnight of a zone. */
class DayLimitsTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** How far the wall clock is ahead of the virtual one. */
    private Instant epoch = Instant.parse("2026-10-24T20:00:00Z");

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);

    private Instant instant() {
        return epoch.plusMillis(clock.now(TimeUnit.MILLISECONDS));
    }

    private ModelRateLimiter limiter(RateLimitProfile profile, List<RateLimitState> known) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none().with(profile))
                .scheduler(clock)
                .instantSource(this::instant)
                .restore(known)
                .build();
    }

    private static RateLimitProfile.Builder profile() {
        return RateLimitProfile.builder("p", "m").utilizationTarget(1).concurrency(100);
    }

    private static VirtualLimiter.Caller ask(ModelRateLimiter limiter, Duration timeout) {
        VirtualLimiter.Caller caller = new VirtualLimiter.Caller();
        limiter.acquire(PermitRequest.of(VirtualLimiter.KEY, TokenEstimate.of(10, 0))
                        .timeout(timeout))
                .subscribe(caller);
        return caller;
    }

    private static VirtualLimiter.Caller now(ModelRateLimiter limiter) {
        return ask(limiter, Duration.ZERO);
    }

    @Test
    void aRollingDayIsAny86400Seconds() {
        ModelRateLimiter limiter = limiter(profile().rpd(2).build(), List.of());
        now(limiter).permit().release();
        clock.advanceTimeBy(Duration.ofHours(1));
        now(limiter).permit().release();
        VirtualLimiter.Caller third = ask(limiter, Duration.ofDays(2));

        clock.advanceTimeBy(Duration.ofHours(23).minusNanos(1));
        assertThat(third.hasPermit()).isFalse();
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(third.hasPermit()).isTrue();
        assertThat(limiter.snapshot(VirtualLimiter.KEY).charged(RateLimit.RPD)).isEqualTo(2);
    }

    @Test
    void tokensOfADayAreRefundedAsThoseOfAWindow() {
        ModelRateLimiter limiter = limiter(profile().tpd(15).build(), List.of());
        now(limiter).permit().succeeded(TokenUsage.of(5, 0));

        assertThat(limiter.snapshot(VirtualLimiter.KEY).charged(RateLimit.TPD)).isEqualTo(5);
        assertThat(now(limiter).hasPermit()).isTrue();
        assertThat(now(limiter).hasPermit()).isFalse();
    }

    @Test
    void aCalendarDayIsOverAtMidnightOfItsZone() {
        ModelRateLimiter limiter =
                limiter(profile().rpd(1).day(DayWindow.calendar(BERLIN)).build(), List.of());
        now(limiter).permit().release();
        VirtualLimiter.Caller second = ask(limiter, Duration.ofDays(2));

        // It is 22:00 in Berlin.
        clock.advanceTimeBy(Duration.ofHours(2).minusMillis(1));
        assertThat(second.hasPermit()).isFalse();
        clock.advanceTimeBy(Duration.ofMillis(1));
        assertThat(second.hasPermit()).isTrue();
    }

    @Test
    void theDayOnWhichTheClocksGoBackHas25Hours() {
        epoch = Instant.parse("2026-10-24T22:00:00Z");
        ModelRateLimiter limiter =
                limiter(profile().rpd(1).day(DayWindow.calendar(BERLIN)).build(), List.of());
        now(limiter).permit().release();

        clock.advanceTimeBy(Duration.ofHours(25).minusMillis(1));
        assertThat(now(limiter).hasPermit()).isFalse();
        clock.advanceTimeBy(Duration.ofMillis(1));
        assertThat(now(limiter).hasPermit()).isTrue();
    }

    @Test
    void theDayOnWhichTheClocksGoForwardHas23Hours() {
        epoch = Instant.parse("2027-03-27T23:00:00Z");
        ModelRateLimiter limiter =
                limiter(profile().rpd(1).day(DayWindow.calendar(BERLIN)).build(), List.of());
        now(limiter).permit().release();

        clock.advanceTimeBy(Duration.ofHours(23).minusMillis(1));
        assertThat(now(limiter).hasPermit()).isFalse();
        clock.advanceTimeBy(Duration.ofMillis(1));
        assertThat(now(limiter).hasPermit()).isTrue();
    }

    @Test
    void whoSleptOverMidnightNoticesWithinAMinute() {
        ModelRateLimiter limiter =
                limiter(profile().rpd(1).day(DayWindow.calendar(BERLIN)).build(), List.of());
        now(limiter).permit().release();
        VirtualLimiter.Caller second = ask(limiter, Duration.ofDays(2));

        // The machine sleeps: instants go on, nanoseconds do not.
        epoch = epoch.plus(Duration.ofHours(9));
        clock.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(second.hasPermit()).isTrue();
    }

    @Test
    void aClockThatIsSetBackOverMidnightGivesNothingTwice() {
        epoch = Instant.parse("2026-10-24T22:00:01Z");
        ModelRateLimiter limiter =
                limiter(profile().rpd(1).day(DayWindow.calendar(BERLIN)).build(), List.of());
        now(limiter).permit().release();

        epoch = epoch.minusSeconds(2);
        assertThat(now(limiter).hasPermit()).isFalse();
        clock.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(now(limiter).hasPermit()).isFalse();
    }

    @Test
    void whatADayHasChargedOutlivesARestart() {
        for (DayWindow day : List.of(DayWindow.ROLLING, DayWindow.calendar(BERLIN))) {
            RateLimitProfile profile = profile().rpd(2).tpd(100).day(day).build();
            ModelRateLimiter before = limiter(profile, List.of());
            now(before).permit().release();
            now(before).permit().release();
            ModelRateLimiter after = limiter(profile, before.states());

            assertThat(now(after).hasPermit()).as("%s", day).isFalse();
            RateLimitSnapshot snapshot = after.snapshot(VirtualLimiter.KEY);
            assertThat(snapshot.further()).isEqualTo(Map.of(RateLimit.RPD, 2L, RateLimit.TPD, 20L));
            clock.advanceTimeBy(Duration.ofDays(1).plusHours(1));
            assertThat(now(after).hasPermit()).as("%s, a day later", day).isTrue();
        }
    }

    @Test
    void aChangeFromRollingToCalendarKeepsWhatIsCharged() {
        ModelRateLimiter limiter = limiter(profile().rpd(2).build(), List.of());
        now(limiter).permit().release();
        limiter.update(profile().rpd(2).day(DayWindow.calendar(BERLIN)).build());

        assertThat(limiter.snapshot(VirtualLimiter.KEY).charged(RateLimit.RPD)).isEqualTo(1);
        assertThat(now(limiter).hasPermit()).isTrue();
        assertThat(now(limiter).hasPermit()).isFalse();
    }

    @Test
    void headersOfADayCorrectTheDayAndNotTheWindow() {
        ModelRateLimiter limiter = limiter(profile().rpm(500).rpd(10_000).build(), List.of());
        Permit permit = now(limiter).permit();
        // 3,000 used of 10,000: all of it is free again after 7.2 hours, so the window is a day.
        permit.headers(Map.of(
                "x-ratelimit-limit-requests", List.of("10000"),
                "x-ratelimit-remaining-requests", List.of("7000"),
                "x-ratelimit-reset-requests", List.of("7h12m0s"))::get);

        RateLimitSnapshot snapshot = limiter.snapshot(VirtualLimiter.KEY);
        assertThat(snapshot.charged(RateLimit.RPD)).isEqualTo(3_000);
        assertThat(snapshot.charged(RateLimit.RPM)).isEqualTo(1);
    }

    @Test
    void thePermitOfATooLargeCallNamesTheLimitOfTheDay() {
        ModelRateLimiter limiter = limiter(profile().tpd(9).build(), List.of());

        assertThat(now(limiter).error())
                .isInstanceOf(RequestTooLargeException.class)
                .hasMessageContaining("the limit is 9 tokens a day");
    }
}
