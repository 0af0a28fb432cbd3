package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.failure.Backoff;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderAnswer;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** What a refusal or a failure of one call means for all others of its model. */
class RefusalsTest {

    private final VirtualLimiter one =
            new VirtualLimiter(profile -> profile.rpm(100).tpm(10_000).concurrency(8));

    private static ProviderFailure refusal(@Nullable Duration hint) {
        return new ProviderFailure(429, null, "slow down", FailureClass.RATE_LIMIT, hint);
    }

    @Test
    @DisplayName("D-RL-23: a pause of 30 s holds every caller of that key and no other")
    void aPauseHoldsEveryCallerOfTheKeyAndNoOther() {
        ModelKey other = ModelKey.of("p", "other");
        one.limiter.update(RateLimitProfile.builder(other).concurrency(8).build());
        one.ask(1).permit().rateLimited(refusal(Duration.ofSeconds(30)));
        List<Caller> callers = one.ask(3, 1);
        Caller elsewhere = one.ask(PermitRequest.of(other, TokenEstimate.NONE));
        assertThat(elsewhere.hasPermit()).isTrue();
        assertThat(one.snapshot().pause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(one.limiter.estimateWait(tokens(1))).isEqualTo(Duration.ofSeconds(30));
        one.pass(Duration.ofSeconds(30).minusNanos(1));
        assertThat(callers).noneMatch(Caller::hasPermit);
        one.pass(Duration.ofNanos(1));
        assertThat(callers).allMatch(Caller::hasPermit);
        assertThat(one.snapshot().pause()).isZero();
    }

    @Test
    void aShorterHintDoesNotEndALongerPause() {
        List<Caller> callers = one.ask(3, 1);
        callers.get(0).permit().rateLimited(refusal(Duration.ofSeconds(30)));
        callers.get(1).permit().rateLimited(refusal(Duration.ofSeconds(5)));
        assertThat(one.snapshot().pause()).isEqualTo(Duration.ofSeconds(30));
        callers.get(2).permit().rateLimited(refusal(Duration.ofSeconds(40)));
        assertThat(one.snapshot().pause()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void aCallThatCannotBeServedBeforeItsDeadlineFailsAtOnceDuringAPause() {
        one.ask(1).permit().rateLimited(refusal(Duration.ofSeconds(30)));
        Caller hasty = one.ask(tokens(1).timeout(Duration.ofSeconds(30)));
        assertThat(hasty.error()).isInstanceOf(AcquireTimeoutException.class);
    }

    @Test
    void aNestedCallWaitsForThePauseToo() {
        List<String> done = new java.util.ArrayList<>();
        one.limiter
                .withPermit(
                        tokens(1),
                        outer -> Mono.defer(() -> {
                            one.ask(1).permit().rateLimited(refusal(Duration.ofSeconds(30)));
                            return one.limiter.withPermit(tokens(1), inner -> Mono.just("inner"));
                        }))
                .subscribe(done::add);
        one.pass(Duration.ofSeconds(30).minusNanos(1));
        assertThat(done).isEmpty();
        one.pass(Duration.ofNanos(1));
        assertThat(done).containsExactly("inner");
    }

    @Test
    void aHintBeyondTheCapPausesForTheCap() {
        Permit permit = one.ask(1).permit();
        assertThat(permit.rateLimited(refusal(Duration.ofSeconds(Long.MAX_VALUE))))
                .isEqualTo(FailureClassifier.DEFAULT_MAX_WAIT);
        assertThat(one.snapshot().pause()).isEqualTo(FailureClassifier.DEFAULT_MAX_WAIT);
    }

    @Test
    @DisplayName("Refusals without a hint back off: 1, 2, 4 ... s, and start again after a success")
    void refusalsWithoutAHintBackOff() {
        for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            Permit permit = one.ask(1).permit();
            assertThat(permit.rateLimited(refusal(null))).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(one.snapshot().pause()).isEqualTo(Duration.ofSeconds(seconds));
            one.pass(Duration.ofSeconds(seconds));
        }
        one.ask(1).permit().succeeded(TokenUsage.UNKNOWN);
        one.ask(1).permit().rateLimited(refusal(null));
        assertThat(one.snapshot().pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("Eight refusals at one instant are one event: one reduction, one pause of one second")
    void aBurstOfRefusalsPausesOnce() {
        List<Caller> callers = one.ask(8, 1);
        for (Caller caller : callers) {
            assertThat(caller.permit().rateLimited(refusal(null))).isEqualTo(Duration.ofSeconds(1));
        }
        assertThat(one.snapshot().currentConcurrencyCap()).isEqualTo(4);
        assertThat(one.snapshot().pause()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void stragglersOfBeforeTheReductionChangeNothing() {
        List<Caller> callers = one.ask(8, 1);
        callers.get(0).permit().rateLimited(refusal(null));
        one.passSeconds(0.9);
        for (int i = 1; i < 5; i++) {
            callers.get(i).permit().rateLimited(refusal(null));
        }
        for (int i = 5; i < 8; i++) {
            callers.get(i).permit().succeeded(TokenUsage.UNKNOWN);
        }
        assertThat(one.snapshot().currentConcurrencyCap()).isEqualTo(4);
        assertThat(one.snapshot().pause()).isEqualTo(Duration.ofMillis(100));
        one.passSeconds(0.1);
        one.ask(1).permit().rateLimited(refusal(null));
        assertThat(one.snapshot().pause()).as("the second in a row").isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    @DisplayName("D-RL-25: the limiter's own delays can be set")
    void theBackoffCanBeSet() {
        VirtualLimiter set = new VirtualLimiter(
                profile -> profile.concurrency(8),
                limiter -> limiter.backoff(new Backoff(Duration.ofMillis(100), Duration.ofMillis(300), 0)));
        for (long millis : new long[] {100, 200, 300, 300}) {
            set.ask(1).permit().rateLimited(refusal(null));
            assertThat(set.snapshot().pause()).isEqualTo(Duration.ofMillis(millis));
            set.pass(Duration.ofMillis(millis));
        }
    }

    @Test
    @DisplayName(
            "D-RL-24: a refused call gets its tokens back, its request stays charged; the profile may say otherwise")
    void aRefusedCallGetsItsTokensBack() {
        one.ask(900).permit().rateLimited(refusal(Duration.ZERO));
        assertThat(one.snapshot().tokens()).isZero();
        assertThat(one.snapshot().requests()).isEqualTo(1);
        VirtualLimiter keeping = new VirtualLimiter(
                profile -> profile.rpm(100).tpm(10_000).concurrency(8).refundRefused(false));
        keeping.ask(900).permit().rateLimited(refusal(Duration.ZERO));
        assertThat(keeping.snapshot().tokens()).isEqualTo(900);
    }

    @Test
    void unusedTokensStayChargedWhereTheProviderDoesNotSettle() {
        VirtualLimiter keeping = new VirtualLimiter(
                profile -> profile.tpm(10_000).concurrency(8).refundPolicy(RefundPolicy.KEEP_ESTIMATE));
        keeping.ask(900).permit().succeeded(TokenUsage.of(100, 100));
        assertThat(keeping.snapshot().tokens()).isEqualTo(900);
        keeping.ask(900).permit().succeeded(TokenUsage.of(900, 100));
        assertThat(keeping.snapshot().tokens()).as("with 100 in excess").isEqualTo(1_900);
        assertThat(RateLimitProfile.builder("azure", "gpt-4o").build().refundPolicy())
                .isEqualTo(RefundPolicy.KEEP_ESTIMATE);
        assertThat(RateLimitProfile.builder("openai", "gpt-4o").build().refundPolicy())
                .isEqualTo(RefundPolicy.REFUND_UNUSED);
    }

    // ---- outcomes by class ----

    /** Stands for the exception of some client that this library knows nothing of. */
    private static final class ForeignException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final int status;
        private final String retryAfter;

        ForeignException(int status, String retryAfter) {
            super("HTTP " + status);
            this.status = status;
            this.retryAfter = retryAfter;
        }
    }

    private static final FailureClassifier WITH_FOREIGN = FailureClassifier.standard()
            .with(error -> error instanceof ForeignException foreign
                    ? ProviderAnswer.of(foreign.status).headers(Map.of("retry-after", foreign.retryAfter))
                    : null);

    @Test
    void anExceptionOfAnotherClientIsReadByTheClassifier() {
        VirtualLimiter set = new VirtualLimiter(
                profile -> profile.tpm(10_000).concurrency(8), limiter -> limiter.classifier(WITH_FOREIGN));
        Mono<String> call = set.limiter.withPermit(tokens(100), permit -> Mono.error(new ForeignException(429, "30")));
        assertThatThrownBy(call::block).isInstanceOf(ForeignException.class);
        assertThat(set.snapshot().pause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(set.snapshot().currentConcurrencyCap()).isEqualTo(4);
        assertThat(set.snapshot().tokens()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 500, 502, 503, 529})
    void otherFailuresKeepTheirChargeAndPauseNobody(int status) {
        VirtualLimiter set = new VirtualLimiter(
                profile -> profile.tpm(10_000).concurrency(8), limiter -> limiter.classifier(WITH_FOREIGN));
        Mono<String> call =
                set.limiter.withPermit(tokens(100), permit -> Mono.error(new ForeignException(status, "30")));
        assertThatThrownBy(call::block).isInstanceOf(ForeignException.class);
        assertThat(set.snapshot().pause()).isZero();
        assertThat(set.snapshot().currentConcurrencyCap()).isEqualTo(8);
        assertThat(set.snapshot().tokens()).isEqualTo(100);
        assertThat(set.snapshot().requests()).isEqualTo(1);
        assertThat(set.snapshot().inFlight()).isZero();
    }

    @Test
    void whatWasNeverSentIsGivenBack() {
        for (Exception error : List.of(
                new UnknownHostException("api.example"),
                new ConnectException("refused"),
                new SSLHandshakeException("no common protocol"))) {
            Mono<String> call = one.limiter.withPermit(tokens(100), permit -> Mono.error(error));
            assertThatThrownBy(call::block).hasRootCause(error);
            assertThat(one.snapshot().tokens()).isZero();
            assertThat(one.snapshot().requests()).isZero();
        }
    }

    @Test
    void moneyThatIsUsedUpIsNoRateLimit() {
        Mono<String> call = one.limiter.withPermit(
                tokens(100),
                permit -> Mono.error(new ProviderFailure(429, "insufficient_quota", "pay", FailureClass.QUOTA, null)));
        assertThatThrownBy(call::block).isInstanceOf(ProviderFailure.class);
        assertThat(one.snapshot().currentConcurrencyCap()).isEqualTo(8);
        assertThat(one.snapshot().pause()).isZero();
    }

    @Test
    void aPauseOutlivesARestart() {
        one.ask(1).permit().rateLimited(refusal(Duration.ofSeconds(30)));
        one.passSeconds(10);
        List<RateLimitState> states = one.limiter.states();
        VirtualLimiter next = new VirtualLimiter(
                profile -> profile.rpm(100).concurrency(8),
                limiter -> limiter.scheduler(one.clock).restore(states));
        assertThat(next.limiter.snapshot(VirtualLimiter.KEY).pause()).isEqualTo(Duration.ofSeconds(20));
    }
}
