package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.AnswerListener;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** What a limiter believes of the headers of an answer. */
class StatedLimitsTest {

    private final VirtualLimiter one =
            new VirtualLimiter(profile -> profile.rpm(100).tpm(10_000).concurrency(50));

    /** OpenAI's form; the reset is that of a limit that refills in a minute. */
    private static Map<String, List<String>> requests(long limit, long remaining) {
        return requests(limit, remaining, (limit - remaining) * 60.0 / limit + "s");
    }

    private static Map<String, List<String>> requests(long limit, long remaining, String reset) {
        return Map.of(
                "x-ratelimit-limit-requests", List.of(Long.toString(limit)),
                "x-ratelimit-remaining-requests", List.of(Long.toString(remaining)),
                "x-ratelimit-reset-requests", List.of(reset));
    }

    @Test
    void whatOthersUseOfTheAccountCounts() {
        Permit permit = one.ask(1).permit();
        permit.headers(requests(100, 39)::get);
        assertThat(one.snapshot().requests()).as("1 of ours, 60 of others").isEqualTo(61);
        permit.succeeded(TokenUsage.UNKNOWN);
        assertThat(one.snapshot().requests()).isEqualTo(61);
        one.pass(Duration.ofSeconds(60));
        assertThat(one.snapshot().requests()).isZero();
    }

    @Test
    void nothingLeftIsACorrectionAndNoPause() {
        one.ask(1).permit().headers(requests(100, 0)::get);
        assertThat(one.snapshot().pause()).isZero();
        assertThat(one.snapshot().requests()).isEqualTo(100);
        Caller next = one.ask(1);
        one.pass(Duration.ofSeconds(60).minusNanos(1));
        assertThat(next.hasPermit()).isFalse();
        one.pass(Duration.ofNanos(1));
        assertThat(next.hasPermit()).isTrue();
    }

    @Test
    void whatWasGrantedBetweenTheCallAndItsAnswerIsOurs() {
        List<Caller> callers = one.ask(10, 1);
        one.passSeconds(1);
        one.ask(5, 1);
        // The provider may have counted all fifteen before it answered the first.
        callers.get(0).permit().headers(requests(100, 85)::get);
        assertThat(one.snapshot().requests()).isEqualTo(15);
        callers.get(1).permit().headers(requests(100, 84)::get);
        assertThat(one.snapshot().requests()).isEqualTo(16);
    }

    @Test
    void whatCountedAtTheGrantMayCountStillThoughItHasLeftTheWindowSince() {
        one.ask(40, 1);
        one.passSeconds(59);
        Permit permit = one.ask(1).permit();
        one.passSeconds(2);
        assertThat(one.snapshot().requests()).isEqualTo(1);
        permit.headers(requests(100, 59)::get);
        assertThat(one.snapshot().requests()).isEqualTo(1);
    }

    @Test
    void oneExcessIsNotCountedAgainByEveryAnswer() {
        List<Caller> callers = one.ask(3, 1);
        callers.get(0).permit().headers(requests(100, 47)::get);
        callers.get(1).permit().headers(requests(100, 47)::get);
        callers.get(2).permit().headers(requests(100, 47)::get);
        assertThat(one.snapshot().requests()).isEqualTo(53);
    }

    @Test
    void moreThanWeBelieveIsLeftAndNothingChanges() {
        one.ask(20, 1);
        one.ask(1).permit().headers(requests(100, 99)::get);
        assertThat(one.snapshot().requests()).isEqualTo(21);
    }

    @Test
    void anAnswerToAnOlderCallIsOutOfDate() {
        List<Caller> callers = one.ask(2, 1);
        callers.get(1).permit().headers(requests(100, 97)::get);
        callers.get(0).permit().headers(requests(100, 20)::get);
        assertThat(one.snapshot().requests()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 20, 13s, of a window of 16 s",
        "100, 20, 19h12m, of a day",
        "100, -5, 48s, negative",
        "100, lots, 48s, not a number",
        "100, 20, , without a reset",
        "100, 20, soon, with a reset that cannot be read",
        "0, 0, 60s, of nothing"
    })
    void whatCannotBeBelievedIsLeftOut(String limit, String remaining, String reset, String why) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("x-ratelimit-limit-requests", List.of(limit));
        headers.put("x-ratelimit-remaining-requests", List.of(remaining));
        if (reset != null) {
            headers.put("x-ratelimit-reset-requests", List.of(reset));
        }
        one.ask(1).permit().headers(headers::get);
        assertThat(one.snapshot().requests()).as(why).isEqualTo(1);
    }

    @Test
    void headersThatThrowChangeNothing() {
        one.ask(1).permit().headers(name -> {
            throw new IllegalStateException("broken client");
        });
        assertThat(one.snapshot().requests()).isEqualTo(1);
    }

    @Test
    void tokensThatAreRoundedToThousandsAreBelievedToTheThousandOnly() {
        // Anthropic's "7000" can be 7,499.
        Map<String, List<String>> headers = Map.of(
                "anthropic-ratelimit-tokens-limit", List.of("10000"),
                "anthropic-ratelimit-tokens-remaining", List.of("7000"),
                "anthropic-ratelimit-tokens-reset", List.of("1970-01-01T00:00:18Z"));
        one.ask(2_501).permit().headers(headers::get);
        assertThat(one.snapshot().tokens()).isEqualTo(2_501);
        one.ask(0).permit().headers(headers::get);
        assertThat(one.snapshot().tokens()).isEqualTo(2_501);
        VirtualLimiter less = new VirtualLimiter(profile -> profile.tpm(10_000).concurrency(50));
        less.ask(100).permit().headers(headers::get);
        assertThat(less.snapshot().tokens()).isEqualTo(2_500);
    }

    @Test
    void statedLimitsAreLearnedOnlyWhereThatIsAskedFor() {
        one.ask(1).permit().headers(requests(500, 499)::get);
        assertThat(one.snapshot().rpmLimit()).isEqualTo(100);
        VirtualLimiter learning = new VirtualLimiter(
                profile -> profile.rpm(100).utilizationTarget(0.7).concurrency(50),
                limiter -> limiter.learnLimits(true));
        learning.ask(1).permit().headers(requests(500, 499)::get);
        assertThat(learning.snapshot().rpmLimit()).isEqualTo(500);
        assertThat(learning.snapshot().effectiveRpm()).isEqualTo(350);
        assertThat(learning.snapshot().profile().source()).isEqualTo("headers");
        learning.ask(1).permit().headers(requests(60, 58)::get);
        assertThat(learning.snapshot().rpmLimit()).isEqualTo(60);
        learning.ask(1).permit().headers(requests(60, 57, "3h")::get);
        assertThat(learning.snapshot().rpmLimit()).isEqualTo(60);
    }

    @Test
    void waitingCallsAreLetGoWhenAHigherLimitIsLearned() {
        VirtualLimiter learning =
                new VirtualLimiter(profile -> profile.rpm(2).concurrency(50), limiter -> limiter.learnLimits(true));
        Permit permit = learning.ask(1).permit();
        learning.ask(1);
        Caller third = learning.ask(1);
        assertThat(third.hasPermit()).isFalse();
        permit.headers(requests(10, 9)::get);
        learning.clock.advanceTime();
        assertThat(third.hasPermit()).isTrue();
    }

    @Test
    void theFirstAnswerWithinACallReachesItsPermitThroughTheContext() {
        one.limiter
                .withPermit(
                        VirtualLimiter.tokens(1),
                        permit -> Mono.deferContextual(context -> {
                            AnswerListener listener = AnswerListener.of(context);
                            listener.answered(requests(100, 39)::get);
                            listener.answered(requests(100, 10)::get);
                            return Mono.just("done");
                        }))
                .block();
        assertThat(one.snapshot().requests()).isEqualTo(61);
        assertThat(AnswerListener.of(reactor.util.context.Context.empty())).isNull();
    }
}
