package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.KEY;
import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenUsage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Users test with {@code StepVerifier.withVirtualTime}, and build their limiter anywhere. */
class VirtualTimeTest {

    private static ModelRateLimiter limiter(Duration window) {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("p", "m")
                                .rpm(2)
                                .utilizationTarget(1)
                                .concurrency(9)
                                .build()))
                .window(window)
                .build();
    }

    private static Flux<Integer> calls(ModelRateLimiter limiter, int from, int many) {
        return Flux.range(from, many).flatMap(i -> limiter.withPermit(tokens(1), permit -> Mono.just(i)));
    }

    private static void pacesOnVirtualTime(ModelRateLimiter limiter, int from) {
        StepVerifier.withVirtualTime(() -> calls(limiter, from, 4))
                .expectNext(from, from + 1)
                .expectNoEvent(Duration.ofMinutes(1).minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .expectNext(from + 2, from + 3)
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void aLimiterBuiltBeforeVirtualTime() {
        ModelRateLimiter limiter = limiter(Duration.ofMinutes(1));
        pacesOnVirtualTime(limiter, 0);
    }

    @Test
    void aLimiterBuiltInsideVirtualTime() {
        StepVerifier.withVirtualTime(() -> calls(limiter(Duration.ofMinutes(1)), 0, 4))
                .expectNext(0, 1)
                .expectNoEvent(Duration.ofMinutes(1).minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .expectNext(2, 3)
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void oneLimiterInOneVirtualTestAfterAnother() {
        ModelRateLimiter limiter = limiter(Duration.ofMinutes(1));
        pacesOnVirtualTime(limiter, 0);
        // Time goes on where it stood: the window of the first test is still full, and empties one window later.
        StepVerifier.withVirtualTime(() -> calls(limiter, 10, 2))
                .expectSubscription()
                .expectNoEvent(Duration.ofMinutes(1).minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .expectNext(10, 11)
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void realTimeThenVirtualThenRealAgain() {
        ModelRateLimiter limiter = limiter(Duration.ofMillis(300));
        assertThat(calls(limiter, 0, 2).collectList().block(Duration.ofSeconds(5)))
                .containsExactly(0, 1);
        StepVerifier.withVirtualTime(() -> calls(limiter, 2, 2))
                .thenAwait(Duration.ofMillis(300))
                .expectNext(2, 3)
                .expectComplete()
                .verify(Duration.ofSeconds(20));
        long start = Schedulers.parallel().now(java.util.concurrent.TimeUnit.MILLISECONDS);
        assertThat(calls(limiter, 4, 4).collectList().block(Duration.ofSeconds(5)))
                .as("those that are let go together go on beside each other, in any order")
                .containsExactlyInAnyOrder(4, 5, 6, 7);
        long took = Schedulers.parallel().now(java.util.concurrent.TimeUnit.MILLISECONDS) - start;
        assertThat(took).as("two windows of real time").isBetween(290L, 3_000L);
    }

    @Test
    void aCallThatWaitsOnRealTimeWhileATestRunsOnVirtualTime() {
        ModelRateLimiter limiter = limiter(Duration.ofMillis(200));
        calls(limiter, 0, 2).collectList().block(Duration.ofSeconds(5));
        Mono<Integer> waiting =
                limiter.withPermit(tokens(1), permit -> Mono.just(7)).cache();
        waiting.subscribe();
        ModelRateLimiter other = limiter(Duration.ofMinutes(1));
        pacesOnVirtualTime(other, 0);
        assertThat(waiting.block(Duration.ofSeconds(5))).isEqualTo(7);
    }

    @Test
    void aTimeoutOfAnHourIsTestedAtOnce() {
        ModelRateLimiter limiter = limiter(Duration.ofDays(1));
        StepVerifier.withVirtualTime(() ->
                        Flux.range(0, 3).flatMap(i -> limiter.acquire(tokens(1).timeout(Duration.ofHours(1)))))
                .expectNextCount(2)
                .expectNoEvent(Duration.ofHours(1).minusNanos(1))
                .thenAwait(Duration.ofNanos(1))
                .expectError(AcquireTimeoutException.class)
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void whatIsCertainToFailFailsAtOnce() {
        VirtualLimiter one = new VirtualLimiter(profile -> profile.tpm(100).concurrency(9));
        Permit settled = one.ask(80).permit();
        Permit open = one.ask(20).permit();
        PermitRequest impatient = tokens(50).timeout(Duration.ofSeconds(60));
        settled.succeeded(TokenUsage.of(80, 0));
        assertThat(one.ask(impatient).error())
                .as("80 are certain to stay for 60 s")
                .isInstanceOf(AcquireTimeoutException.class)
                .hasMessageContaining("waited PT0S");
        assertThat(one.ask(tokens(20).timeout(Duration.ofSeconds(59))).error())
                .as("20 may be given back")
                .isNull();
        assertThat(one.ask(tokens(20).timeout(Duration.ofSeconds(59)).failFast(FailFast.ESTIMATED))
                        .error())
                .as("but it is not likely")
                .isInstanceOf(AcquireTimeoutException.class);
        open.abandon();
        assertThat(one.snapshot().tokens()).as("the patient one got it").isEqualTo(100);
    }

    @Test
    void anEstimateOfTheWaitTakesNothing() {
        VirtualLimiter one =
                new VirtualLimiter(profile -> profile.rpm(10).tpm(100).concurrency(50));
        assertThat(one.limiter.estimateWait(tokens(100))).isZero();
        one.ask(60);
        one.passSeconds(10);
        one.ask(40);
        assertThat(one.limiter.estimateWait(tokens(60))).isEqualTo(Duration.ofSeconds(50));
        assertThat(one.limiter.estimateWait(tokens(61))).isEqualTo(Duration.ofSeconds(60));
        one.ask(60);
        assertThat(one.limiter.estimateWait(tokens(40)))
                .as("behind the one that waits")
                .isEqualTo(Duration.ofSeconds(60));
        assertThat(one.limiter.estimateWait(tokens(60)))
                .as("which takes the next window with it")
                .isEqualTo(Duration.ofSeconds(110));
        assertThat(one.snapshot().requests()).isEqualTo(2);
        assertThat(one.limiter.snapshot(KEY).pending()).isEqualTo(1);
    }
}
