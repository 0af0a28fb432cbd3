package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A limit on how much of a window may be spent at once. */
class BurstTest {

    @ParameterizedTest(name = "{0} requests a minute with a burst of {1}: {2} in {3} ns")
    @CsvSource({
        "60, PT1S, 1, 1000000000",
        "60, PT0S, 1, 1000000000",
        "600, PT1S, 10, 1000000000",
        "600, PT1.55S, 15, 1500000000",
        "90, PT1S, 1, 666666667",
        "7, PT30S, 3, 25714285715",
        "7, PT1M, 9223372036854775807, 60000000000",
        "7, PT2H, 9223372036854775807, 60000000000",
        "9007199254740992, PT1S, 150119987579016, 1000000000",
    })
    void aBurstIsWhatTheLimitGivesInThatTime(long rpm, Duration burst, long requests, long nanos) {
        RateLimitProfile profile = RateLimitProfile.builder("p", "m")
                .rpm(rpm)
                .utilizationTarget(1)
                .burst(burst)
                .build();
        assertThat(BurstLimit.of(profile, Duration.ofMinutes(1).toNanos())).isEqualTo(new BurstLimit(requests, nanos));
    }

    @Test
    void smoothLetsOneRequestGoInEachPartOfTheWindow() {
        VirtualLimiter virtual =
                new VirtualLimiter(profile -> profile.rpm(60).concurrency(99).smooth());
        List<Caller> callers = virtual.ask(60, 0);
        for (int second = 0; second < 60; second++) {
            assertThat(callers.stream().filter(Caller::hasPermit)).hasSize(second + 1);
            virtual.pass(Duration.ofSeconds(1).minusNanos(1));
            assertThat(callers.stream().filter(Caller::hasPermit)).hasSize(second + 1);
            virtual.pass(Duration.ofNanos(1));
        }
    }

    @Test
    void aBurstIsGoneAtOnceAndComesBackWithTime() {
        VirtualLimiter virtual =
                new VirtualLimiter(profile -> profile.rpm(600).concurrency(999).burst(Duration.ofSeconds(1)));
        List<Caller> callers = virtual.ask(25, 0);
        assertThat(callers.stream().filter(Caller::hasPermit)).hasSize(10);
        virtual.passSeconds(1);
        assertThat(callers.stream().filter(Caller::hasPermit)).hasSize(20);
        assertThat(virtual.limiter.estimateWait(VirtualLimiter.tokens(0))).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void tokensAreNotHeldUpByIt() {
        VirtualLimiter virtual = new VirtualLimiter(
                profile -> profile.rpm(60).tpm(1_000).concurrency(9).burst(Duration.ofSeconds(2)));
        assertThat(virtual.ask(900).hasPermit()).isTrue();
        assertThat(virtual.ask(100).hasPermit()).isTrue();
    }

    @Test
    void anOpenCallCountsInTheBurst() {
        VirtualLimiter virtual = new VirtualLimiter(
                profile -> profile.rpm(60).concurrency(9).smooth().skew(Duration.ofSeconds(5)));
        Permit first = virtual.ask(0).permit();
        Caller second = virtual.ask(0);
        virtual.passSeconds(3);
        first.answered();
        virtual.passSeconds(10);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void itCanBeChangedWhileCallsWait() {
        VirtualLimiter virtual =
                new VirtualLimiter(profile -> profile.rpm(60).concurrency(99).smooth());
        List<Caller> callers = virtual.ask(20, 0);
        virtual.limiter.update(RateLimitProfile.builder("p", "m")
                .utilizationTarget(1)
                .rpm(60)
                .concurrency(99)
                .burst(Duration.ofSeconds(5))
                .build());
        virtual.passSeconds(0);
        assertThat(callers.stream().filter(Caller::hasPermit)).hasSize(5);
        virtual.passSeconds(5);
        assertThat(callers.stream().filter(Caller::hasPermit)).hasSize(10);
    }

    @Test
    void manyChargesInOneSlotDoNotHoldUpASteadyFlow() {
        VirtualLimiter virtual = new VirtualLimiter(
                profile -> profile.rpm(60_000).concurrency(99_999).burst(Duration.ofMillis(50)));
        List<Caller> callers = virtual.ask(30_000, 0);
        virtual.passSeconds(30.3);
        assertThat(callers).allMatch(Caller::hasPermit);
    }

    @Test
    void aBurstWithoutALimitOnRequestsIsRefused() {
        assertThatThrownBy(() -> RateLimitProfile.builder("p", "m")
                        .tpm(100)
                        .burst(Duration.ofSeconds(1))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a burst is one of requests, so it needs an rpm_limit (profile of p/m with a burst of PT1S)");
        assertThatThrownBy(() -> RateLimitProfile.builder("p", "m").burst(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("burst must not be negative, was PT-1S");
    }
}
