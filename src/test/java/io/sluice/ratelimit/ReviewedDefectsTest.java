package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.publisher.TestPublisher;

/** Faults that were found by reading, each with the course of events that showed it. */
class ReviewedDefectsTest {

    private final VirtualLimiter one = new VirtualLimiter(profile -> profile.concurrency(1));
    private final List<String> order = new ArrayList<>();

    @Test
    void aUsageThatIsNotThereIsUnknownAndHarmsNobody() {
        VirtualLimiter limited =
                new VirtualLimiter(profile -> profile.tpm(1_000).concurrency(1));
        assertThat(limited.limiter
                        .withPermit(tokens(10), Mono.just("answer"), answer -> null)
                        .block())
                .isEqualTo("answer");
        assertThat(limited.snapshot().tokens()).isEqualTo(10);
        Permit permit = limited.ask(5).permit();
        assertThatThrownBy(() -> permit.succeeded(null)).isInstanceOf(NullPointerException.class);
        permit.succeeded(TokenUsage.UNKNOWN);
        assertThat(limited.ask(5).hasPermit()).isTrue();
    }

    @Test
    void aCallWithinOneThatHasToldItsUsageUsesTheSlotOfTheOneAround() {
        Mono<String> call = one.limiter.withPermit(
                tokens(1),
                outer -> one.limiter.withPermit(tokens(1), inner -> {
                    inner.succeeded(TokenUsage.of(1, 0));
                    return one.limiter.withPermit(tokens(1), tool -> Mono.just("deep"));
                }));
        List<String> told = new ArrayList<>();
        call.subscribe(told::add);
        one.clock.advanceTime();
        assertThat(told).containsExactly("deep");
    }

    @Test
    void aForgottenPermitWithinACallDoesNotTakeItsSlotAway() {
        Sinks.One<String> answer = Sinks.one();
        one.limiter
                .withPermit(
                        tokens(1),
                        outer -> one.limiter
                                .acquire(tokens(1).maxHold(Duration.ofSeconds(10)))
                                .then(answer.asMono()))
                .subscribe();
        one.passSeconds(11);
        answer.tryEmitValue("done");
        one.clock.advanceTime();
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(one.ask(1).hasPermit()).isTrue();
    }

    @Test
    void aRefusalOfACallWithinIsNotOneOfTheCallAround() {
        ModelKey tool = ModelKey.of("p", "tool");
        one.limiter.update(
                RateLimitProfile.builder("p", "m").tpm(10_000).concurrency(4).build());
        one.limiter.update(RateLimitProfile.builder(tool).concurrency(4).build());
        ProviderFailure refusal = new ProviderFailure(429, null, "x", FailureClass.RATE_LIMIT, Duration.ofSeconds(30));
        one.limiter
                .withPermit(
                        tokens(100),
                        outer -> one.limiter.withPermit(
                                PermitRequest.of(tool, TokenEstimate.NONE), inner -> Mono.<String>error(refusal)))
                .onErrorComplete()
                .block();
        assertThat(one.limiter.snapshot(tool).pause()).isEqualTo(Duration.ofSeconds(30));
        assertThat(one.snapshot().pause()).isZero();
        assertThat(one.snapshot().currentConcurrencyCap()).isEqualTo(4);
        assertThat(one.snapshot().tokens()).isEqualTo(100);
        assertThat(one.snapshot().inFlight()).isZero();
    }

    @Test
    void aProfileThatAllowsTooMuchIsNoUseByOthers() {
        VirtualLimiter generous =
                new VirtualLimiter(profile -> profile.tpm(30_000_000).concurrency(4));
        Map<String, List<String>> headers = Map.of(
                "x-ratelimit-limit-tokens", List.of("30000"),
                "x-ratelimit-remaining-tokens", List.of("29000"),
                "x-ratelimit-reset-tokens", List.of("2s"));
        generous.ask(1_000).permit().headers(headers::get);
        assertThat(generous.snapshot().tokens()).isEqualTo(1_000);
    }

    @Test
    void aFanOutWithinACallMakesTheCapGrow() {
        VirtualLimiter growing =
                new VirtualLimiter(profile -> profile.concurrency(1).maxConcurrency(50));
        List<Sinks.One<String>> answers = new ArrayList<>();
        growing.limiter
                .withPermit(
                        tokens(1),
                        outer -> Flux.range(0, 100)
                                .flatMap(
                                        i -> growing.limiter.withPermit(tokens(1), inner -> {
                                            Sinks.One<String> answer = Sinks.one();
                                            answers.add(answer);
                                            return answer.asMono();
                                        }),
                                        100)
                                .then())
                .subscribe();
        for (int i = 0; i < 10; i++) {
            answers.get(i).tryEmitValue("x");
            growing.clock.advanceTime();
        }
        assertThat(growing.snapshot().currentConcurrencyCap()).isGreaterThan(5);
    }

    @Test
    void anUpdateOfOneModelLeavesWhatWasLearnedOfAnother() {
        VirtualLimiter learning =
                new VirtualLimiter(profile -> profile.rpm(100).concurrency(9), limiter -> limiter.learnLimits(true));
        learning.ask(1)
                .permit()
                .headers(Map.of(
                        "x-ratelimit-limit-requests", List.of("500"),
                        "x-ratelimit-remaining-requests", List.of("499"),
                        "x-ratelimit-reset-requests", List.of("120ms"))::get);
        assertThat(learning.snapshot().rpmLimit()).isEqualTo(500);
        learning.limiter.update(RateLimitProfile.builder("p", "other").rpm(7).build());
        assertThat(learning.snapshot().rpmLimit()).isEqualTo(500);
        learning.limiter.update(RateLimitProfile.builder("p", "m").rpm(7).build());
        assertThat(learning.snapshot().rpmLimit()).isEqualTo(7);
    }

    @Test
    void theProviderThatWasAskedForDecidesWhatIsRefunded() {
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("*", "*").tpm(1_000).build()))
                .scheduler(one.clock)
                .build();
        ModelKey azure = ModelKey.of("azure", "gpt-4o");
        ModelKey other = ModelKey.of("openai", "gpt-4o");
        for (ModelKey key : List.of(azure, other)) {
            limiter.withPermit(
                            PermitRequest.of(key, TokenEstimate.of(100, 0)),
                            Mono.just("x"),
                            answer -> TokenUsage.of(10, 0))
                    .block();
        }
        assertThat(limiter.snapshot(azure).tokens()).isEqualTo(100);
        assertThat(limiter.snapshot(other).tokens()).isEqualTo(10);
    }

    @Test
    void theEstimateForALargeRequestIsNoWindowTooLong() {
        VirtualLimiter limited = new VirtualLimiter(
                profile -> profile.tpm(1_000).utilizationTarget(0.7).concurrency(1));
        assertThat(limited.limiter.estimateWait(tokens(800))).isZero();
        limited.ask(100).permit().succeeded(TokenUsage.UNKNOWN);
        assertThat(limited.limiter.estimateWait(tokens(800))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aTimeoutForWantOfASlotSaysHowLongThatWouldTake() {
        one.ask(1).permit().release();
        Permit holder = one.ask(1).permit();
        one.passSeconds(60);
        holder.release();
        one.ask(1);
        Caller waiting = one.ask(tokens(1).timeout(Duration.ofSeconds(10)));
        Caller behind = one.ask(tokens(1));
        one.passSeconds(10);
        assertThat(behind.hasPermit()).isFalse();
        assertThat(waiting.error()).isInstanceOf(AcquireTimeoutException.class);
        assertThat(((AcquireTimeoutException) waiting.error()).retryAfter()).isPositive();
    }

    @Test
    void whoIsTurnedAwayByTheEndOfTheLimiterIsTold() {
        List<RateLimitEvent> events = new ArrayList<>();
        one.limiter.events().subscribe(events::add);
        one.ask(1);
        one.ask(1);
        one.limiter.dispose();
        one.clock.advanceTime();
        assertThat(events).filteredOn(RateLimitEvent.Rejected.class::isInstance).hasSize(1);
    }

    @Test
    void aValueThatComesAfterTheCancellationIsDiscarded() {
        for (int form = 0; form < 2; form++) {
            TestPublisher<String> source =
                    TestPublisher.createNoncompliant(TestPublisher.Violation.CLEANUP_ON_TERMINATE);
            List<String> discarded = new ArrayList<>();
            Flux<String> call = form == 0
                    ? one.limiter.withPermitMany(tokens(1), permit -> source)
                    : one.limiter
                            .withPermit(tokens(1), permit -> Mono.fromDirect(source))
                            .flux();
            call.doOnDiscard(String.class, discarded::add).subscribe().dispose();
            source.next("late");
            assertThat(discarded).containsExactly("late");
        }
    }

    @Test
    void aSourceThatThrowsLeavesNoSlotBehind() {
        assertThatThrownBy(() -> one.limiter
                        .withPermitMany(tokens(1), permit -> subscriber -> {
                            throw new IllegalStateException("broken source");
                        })
                        .blockLast())
                .hasMessageContaining("broken source");
        assertThat(one.snapshot().inFlight()).isZero();
        assertThat(order).isEmpty();
    }
}
