package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.call.AnswerListener;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** Charges that do not age before the provider can have counted them. */
class SkewTest {

    private static final Duration SKEW = Duration.ofSeconds(2);

    private static VirtualLimiter oneAMinute() {
        return new VirtualLimiter(profile -> profile.rpm(1).concurrency(9).skew(SKEW));
    }

    @Test
    void anAnsweredCallLeavesTheWindowAMinuteAfterItsAnswer() {
        VirtualLimiter virtual = oneAMinute();
        Permit first = virtual.ask(0).permit();
        Caller second = virtual.ask(0);
        virtual.passSeconds(0.5);
        first.answered();
        virtual.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(second.hasPermit()).isFalse();
        virtual.pass(Duration.ofNanos(1));
        assertThat(second.hasPermit()).isTrue();
        assertThat(second.permit().waited()).isEqualTo(Duration.ofMillis(60_500));
    }

    @Test
    void aCallWithoutAnAnswerLeavesAMinuteAfterTheSkew() {
        VirtualLimiter virtual = oneAMinute();
        virtual.ask(0).permit();
        Caller second = virtual.ask(0);
        virtual.passSeconds(70);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(62));
    }

    @Test
    void anAnswerThatComesAfterTheSkewChangesNothing() {
        VirtualLimiter virtual = oneAMinute();
        Permit first = virtual.ask(0).permit();
        Caller second = virtual.ask(0);
        virtual.passSeconds(30);
        first.answered();
        virtual.passSeconds(40);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(62));
    }

    @Test
    void aSuccessAndARefusalAreAnswers() {
        VirtualLimiter virtual = new VirtualLimiter(
                profile -> profile.rpm(2).concurrency(9).maxConcurrency(9).skew(SKEW));
        Permit first = virtual.ask(0).permit();
        Permit second = virtual.ask(0).permit();
        virtual.passSeconds(1);
        first.succeeded(TokenUsage.UNKNOWN);
        second.rateLimited(new ProviderFailure(
                429, "rate_limit_exceeded", "slow down", FailureClass.RATE_LIMIT, Duration.ofSeconds(1)));
        virtual.passSeconds(60);
        assertThat(virtual.ask(2, 0)).allMatch(Caller::hasPermit);
    }

    @Test
    void aCancelledCallCountsAsIfTheProviderHadCountedItAsLateAsItCan() {
        VirtualLimiter virtual = oneAMinute();
        Disposable call = virtual.limiter
                .withPermit(tokens(0), permit -> VirtualLimiter.never())
                .subscribe();
        Caller second = virtual.ask(0);
        virtual.passSeconds(1);
        call.dispose();
        virtual.passSeconds(70);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(62));
    }

    @Test
    void aCallThatWasNeverSentIsGivenBackWhileItIsOpen() {
        VirtualLimiter virtual = oneAMinute();
        Permit first = virtual.ask(0).permit();
        Caller second = virtual.ask(0);
        first.abandon();
        virtual.passSeconds(0);
        assertThat(second.hasPermit()).isTrue();
        assertThat(virtual.snapshot().requests()).isEqualTo(1);
    }

    @Test
    void theTokensOfAnOpenCallCountInFull() {
        VirtualLimiter virtual =
                new VirtualLimiter(profile -> profile.tpm(100).concurrency(9).skew(SKEW));
        Permit first = virtual.ask(70).permit();
        virtual.passSeconds(1);
        assertThat(virtual.snapshot().tokens()).isEqualTo(70);
        assertThat(virtual.ask(40).hasPermit()).isFalse();
        first.succeeded(TokenUsage.of(50, 0));
        virtual.passSeconds(0);
        assertThat(virtual.snapshot().tokens()).isEqualTo(90);
    }

    @Test
    void anAnswerIsHeardThroughTheContextOfTheCall() {
        VirtualLimiter virtual = oneAMinute();
        virtual.limiter
                .withPermit(
                        tokens(0),
                        permit -> Mono.deferContextual(context -> {
                            AnswerListener.of(context).answered(name -> List.of());
                            return VirtualLimiter.<String>never();
                        }))
                .subscribe();
        Caller second = virtual.ask(0);
        virtual.passSeconds(70);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void theProfilesSkewIsStrongerThanTheRequests() {
        VirtualLimiter virtual = oneAMinute();
        virtual.ask(tokens(0).skew(Duration.ofSeconds(20))).permit();
        Caller second = virtual.ask(0);
        virtual.passSeconds(90);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(62));
    }

    @Test
    void aRequestBringsItsOwnWhereTheProfileSaysNothing() {
        VirtualLimiter virtual = new VirtualLimiter(profile -> profile.rpm(1).concurrency(9));
        virtual.ask(tokens(0).skew(Duration.ofSeconds(20))).permit();
        Caller second = virtual.ask(0);
        virtual.passSeconds(90);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofSeconds(80));
    }

    @Test
    void aStatedProcessingTimeMovesTheChargeBackButNotBeforeItsGrant() {
        VirtualLimiter virtual = new VirtualLimiter(
                profile -> profile.rpm(1).concurrency(9).skew(SKEW),
                settings -> settings.processingTime("openai-processing-ms"));
        Permit first = virtual.ask(0).permit();
        virtual.passSeconds(1);
        answered(first, "700");
        Caller second = virtual.ask(0);
        virtual.passSeconds(70);
        assertThat(second.permit().waited()).isEqualTo(Duration.ofMillis(59_300));
        virtual.passSeconds(1);
        answered(second.permit(), "3600000");
        Caller third = virtual.ask(0);
        virtual.passSeconds(60);
        assertThat(third.hasPermit()).isTrue();
    }

    @Test
    void aProcessingTimeThatIsNoneIsNotBelieved() {
        for (String value : new String[] {"-5", "NaN", "soon", "", "1e-400", "1".repeat(400)}) {
            VirtualLimiter virtual = new VirtualLimiter(
                    profile -> profile.rpm(1).concurrency(9).skew(SKEW),
                    settings -> settings.processingTime("openai-processing-ms"));
            Permit first = virtual.ask(0).permit();
            virtual.passSeconds(1);
            answered(first, value);
            Caller second = virtual.ask(0);
            virtual.passSeconds(70);
            assertThat(second.permit().waited()).as(value).isEqualTo(Duration.ofSeconds(60));
        }
    }

    private static void answered(Permit permit, String millis) {
        ((AnswerListener) permit).answered(Map.of("openai-processing-ms", List.of(millis))::get);
    }

    @Test
    void whoCannotWaitForAnOpenCallIsNotTurnedAwayAtOnce() {
        VirtualLimiter virtual = oneAMinute();
        Permit first = virtual.ask(0).permit();
        Caller second = virtual.ask(tokens(0).timeout(Duration.ofSeconds(10)));
        assertThat(second.error()).as("the first call may still be abandoned").isNull();
        first.release();
        Caller third = virtual.ask(tokens(0).timeout(Duration.ofSeconds(10)));
        assertThat(third.error()).isInstanceOf(AcquireTimeoutException.class);
    }

    @Test
    void openCallsSurviveARestart() {
        VirtualLimiter virtual = oneAMinute();
        virtual.ask(0).permit();
        assertThat(virtual.limiter.states().get(0).requests()).hasSize(1);
    }

    @Test
    void aSkewIsBetweenZeroAndAnHour() {
        assertThatThrownBy(() -> RateLimitProfile.builder("p", "m").skew(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("skew must be between zero and PT1H, was PT-1S");
        assertThatThrownBy(() -> tokens(1).skew(Duration.ofHours(2))).isInstanceOf(IllegalArgumentException.class);
    }
}
