package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Limits on input and output apart, and what of a call counts against each. */
class TokenCountsTest {

    private static final ModelKey CLAUDE = ModelKey.of("anthropic", "claude-sonnet-5");

    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);

    private ModelRateLimiter limiter(RateLimitProfile.Builder profile) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(profile.utilizationTarget(1).concurrency(100).build()))
                .scheduler(clock)
                .build();
    }

    private static VirtualLimiter.Caller ask(ModelRateLimiter limiter, ModelKey key, long input, long maxOutput) {
        VirtualLimiter.Caller caller = new VirtualLimiter.Caller();
        limiter.acquire(PermitRequest.of(key, TokenEstimate.of(input, maxOutput))
                        .timeout(Duration.ofMinutes(4)))
                .subscribe(caller);
        return caller;
    }

    private static long charged(ModelRateLimiter limiter, RateLimit limit) {
        return limiter.snapshot(CLAUDE).charged(limit);
    }

    @Test
    void anthropicCountsInputAndOutputApart() {
        ModelRateLimiter limiter =
                limiter(RateLimitProfile.builder(CLAUDE).itpm(1_000).otpm(5_000));
        Permit permit = ask(limiter, CLAUDE, 900, 64_000).permit();

        assertThat(charged(limiter, RateLimit.ITPM)).isEqualTo(900);
        assertThat(charged(limiter, RateLimit.OTPM)).isEqualTo(1_024);
        permit.succeeded(TokenUsage.of(900, 3_000).withCache(700, 100));
        assertThat(charged(limiter, RateLimit.ITPM))
                .as("what came from the cache does not count")
                .isEqualTo(200);
        assertThat(charged(limiter, RateLimit.OTPM)).isEqualTo(3_000);
    }

    @Test
    void outputThatIsExpectedStaysChargedUntilTheCallHasEnded() {
        ModelRateLimiter limiter = limiter(RateLimitProfile.builder(CLAUDE).otpm(1_500));
        Permit first = ask(limiter, CLAUDE, 1, 8_000).permit();
        VirtualLimiter.Caller second = ask(limiter, CLAUDE, 1, 8_000);

        clock.advanceTimeBy(Duration.ofMinutes(3));
        assertThat(second.hasPermit()).as("the first still writes").isFalse();
        first.succeeded(TokenUsage.of(1, 300));
        clock.advanceTimeBy(Duration.ZERO);
        assertThat(second.hasPermit()).isTrue();
        assertThat(charged(limiter, RateLimit.OTPM)).isEqualTo(300 + 1_024);
    }

    @Test
    void whatModelsUsuallyAnswerWithIsLearned() {
        ModelRateLimiter limiter = limiter(RateLimitProfile.builder(CLAUDE).otpm(1_000_000));
        for (int i = 1; i <= 100; i++) {
            ask(limiter, CLAUDE, 1, 8_000).permit().succeeded(TokenUsage.of(1, 10L * i));
        }
        long before = charged(limiter, RateLimit.OTPM);
        Permit permit = ask(limiter, CLAUDE, 1, 8_000).permit();

        // The ninth decile of the last 64, which are 370, 380, .. 1,000.
        assertThat(charged(limiter, RateLimit.OTPM) - before).isEqualTo(930);
        permit.release();
        assertThat(charged(limiter, RateLimit.OTPM) - before).isEqualTo(930);
        ask(limiter, CLAUDE, 1, 100);
        assertThat(charged(limiter, RateLimit.OTPM) - before)
                .as("never more than the cap")
                .isEqualTo(1_030);
    }

    @Test
    void aPermitThatWasForgottenDoesNotHoldItsOutputForEver() {
        ModelRateLimiter limiter = limiter(RateLimitProfile.builder(CLAUDE).otpm(1_500));
        VirtualLimiter.Caller forgotten = new VirtualLimiter.Caller();
        limiter.acquire(PermitRequest.of(CLAUDE, TokenEstimate.of(1, 8_000)).maxHold(Duration.ofSeconds(30)))
                .subscribe(forgotten);

        clock.advanceTimeBy(Duration.ofSeconds(89));
        assertThat(charged(limiter, RateLimit.OTPM)).isEqualTo(1_024);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(charged(limiter, RateLimit.OTPM)).isZero();
        forgotten.permit().succeeded(TokenUsage.of(1, 1_200));
        assertThat(charged(limiter, RateLimit.OTPM))
                .as("told late, it is corrected")
                .isEqualTo(176);
    }

    @Test
    void oneThatWasForgottenBeforeItWasCountedIsChargedOnce() {
        ModelRateLimiter limiter =
                limiter(RateLimitProfile.builder(CLAUDE).otpm(1_500).skew(Duration.ofSeconds(50)));
        VirtualLimiter.Caller forgotten = new VirtualLimiter.Caller();
        limiter.acquire(PermitRequest.of(CLAUDE, TokenEstimate.of(1, 8_000)).maxHold(Duration.ofSeconds(30)))
                .subscribe(forgotten);

        clock.advanceTimeBy(Duration.ofSeconds(109));
        assertThat(charged(limiter, RateLimit.OTPM)).isEqualTo(1_024);
        clock.advanceTimeBy(Duration.ofSeconds(1));
        assertThat(charged(limiter, RateLimit.OTPM)).isZero();
    }

    @Test
    void anExpectationNeverMakesACallImpossible() {
        ModelRateLimiter limiter = limiter(RateLimitProfile.builder(CLAUDE).otpm(100));

        assertThat(ask(limiter, CLAUDE, 1, 8_000).hasPermit()).isTrue();
    }

    @Test
    void geminiCountsInputAlone() {
        ModelKey gemini = ModelKey.of("google", "gemini-2.5-pro");
        ModelRateLimiter limiter = limiter(RateLimitProfile.builder(gemini).tpm(100));
        Permit permit = ask(limiter, gemini, 60, 1_000_000).permit();
        permit.succeeded(TokenUsage.of(50, 9_000));

        assertThat(limiter.snapshot(gemini).tokens()).isEqualTo(50);
    }

    @Test
    void bedrockWeighsTheOutputOfSomeModels() {
        assertThat(ProviderCounts.of(ModelKey.of("bedrock", "us.anthropic.claude-opus-4-8-v1:0"), RateLimit.TPM))
                .isEqualTo(new TokenCounts(1, 0, 15, TokenCounts.OutputAs.CAP));
        assertThat(ProviderCounts.of(ModelKey.of("bedrock", "anthropic.claude-sonnet-4-6"), RateLimit.TPM)
                        .output())
                .isEqualTo(5);
        assertThat(ProviderCounts.of(ModelKey.of("bedrock", "amazon.nova-pro"), RateLimit.TPM)
                        .output())
                .isEqualTo(1);
    }

    @Test
    void aProfilesOwnCountsGoBeforeTheProviders() {
        ModelRateLimiter limiter = limiter(RateLimitProfile.builder(CLAUDE)
                .tpm(1_000)
                .counts(RateLimit.TPM, new TokenCounts(0.5, 0.25, 2, TokenCounts.OutputAs.CAP)));
        Permit permit = ask(limiter, CLAUDE, 101, 10).permit();

        assertThat(charged(limiter, RateLimit.TPM)).isEqualTo(51 + 20);
        permit.succeeded(TokenUsage.of(100, 4).withCache(40, 0));
        assertThat(charged(limiter, RateLimit.TPM)).isEqualTo(30 + 10 + 8);
    }

    @Test
    void headersOnInputAndOutputCorrectTheirOwnLimits() {
        ModelRateLimiter limiter =
                limiter(RateLimitProfile.builder(CLAUDE).itpm(100_000).otpm(20_000));
        Permit permit = ask(limiter, CLAUDE, 1_000, 100).permit();
        permit.headers(Map.of(
                "date", List.of("Thu, 01 Jan 1970 00:00:00 GMT"),
                "anthropic-ratelimit-input-tokens-limit", List.of("100000"),
                "anthropic-ratelimit-input-tokens-remaining", List.of("50000"),
                "anthropic-ratelimit-input-tokens-reset", List.of("1970-01-01T00:00:30Z"),
                "anthropic-ratelimit-output-tokens-limit", List.of("20000"),
                "anthropic-ratelimit-output-tokens-remaining", List.of("10000"),
                "anthropic-ratelimit-output-tokens-reset", List.of("1970-01-01T00:00:30Z"))::get);

        // What is left is rounded to thousands: 500 more may be left.
        assertThat(charged(limiter, RateLimit.ITPM)).isEqualTo(49_500);
        assertThat(charged(limiter, RateLimit.OTPM)).isEqualTo(9_500);
    }

    @Test
    void todaysRowsOfAnthropicHaveTheirTwoLimits() {
        RateLimitProfile row = RateLimitProfiles.current().resolve(CLAUDE);

        assertThat(row.tpm()).isNull();
        assertThat(row.limit(RateLimit.ITPM)).isEqualTo(2_000_000);
        assertThat(row.limit(RateLimit.OTPM)).isEqualTo(400_000);
    }

    @Test
    void weightsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new TokenCounts(-1, 0, 0, TokenCounts.OutputAs.CAP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the weight of input must be between 0 and 100, was -1.0");
        assertThatThrownBy(() -> new TokenCounts(1, Double.NaN, 0, TokenCounts.OutputAs.CAP))
                .hasMessageContaining("cachedInput");
        assertThatThrownBy(() -> TokenCounts.INPUT.output(1)).hasMessageContaining("has no weight");
        assertThatThrownBy(() -> RateLimitProfile.builder("p", "m").counts(RateLimit.RPD, TokenCounts.INPUT))
                .hasMessageContaining("RPD counts requests");
    }
}
