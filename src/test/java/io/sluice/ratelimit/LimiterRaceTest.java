package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.KEY;
import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Schedulers;
import reactor.test.util.RaceTestUtils;

/** Real threads, ten thousand rounds each: whoever wins, nothing is lost and nothing is told twice. */
class LimiterRaceTest {

    private static final int ROUNDS = 10_000;

    private final ModelRateLimiter limiter = limiter();

    private static ModelRateLimiter limiter() {
        return ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("p", "m").build()))
                .build();
    }

    @AfterEach
    void close() {
        limiter.dispose();
    }

    /** A call that counts what it is told, and what becomes of its permit. */
    private static final class Witness extends BaseSubscriber<String> {
        final CountDownLatch over = new CountDownLatch(1);
        final AtomicInteger terminals = new AtomicInteger();
        volatile Throwable error;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnError(Throwable throwable) {
            error = throwable;
        }

        @Override
        protected void hookOnComplete() {
            terminals.incrementAndGet();
        }

        @Override
        protected void hookFinally(SignalType type) {
            over.countDown();
        }

        void awaitTheEnd() throws InterruptedException {
            assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Permit hold(ModelRateLimiter of) {
        return of.acquire(tokens(1)).block(Duration.ofSeconds(10));
    }

    private void nothingIsLost(ModelRateLimiter of) {
        // What is still on its way to a pump ends by itself; a slot that was lost would never come back.
        Permit last = hold(of);
        last.abandon();
        RateLimitSnapshot snapshot = of.snapshot(KEY);
        assertThat(snapshot.inFlight()).isZero();
        assertThat(snapshot.pending()).isZero();
    }

    @Test
    void grantAgainstCancel() throws Exception {
        int ran = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Permit holder = hold(limiter);
            AtomicInteger subscribed = new AtomicInteger();
            Witness witness = new Witness();
            limiter.withPermit(tokens(1), permit -> Mono.fromCallable(() -> "x" + subscribed.incrementAndGet()))
                    .subscribe(witness);
            RaceTestUtils.race(holder::release, witness::cancel);
            witness.awaitTheEnd();
            ran += subscribed.get();
            assertThat(subscribed.get()).isLessThanOrEqualTo(1);
        }
        nothingIsLost(limiter);
        assertThat(limiter.snapshot(KEY).requests())
                .as("holders, and calls that ran")
                .isGreaterThanOrEqualTo(ROUNDS + ran);
    }

    @Test
    void grantAgainstTimeout() throws Exception {
        io.sluice.testing.ManualClock clock = new io.sluice.testing.ManualClock();
        ModelRateLimiter timed = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("p", "m").build()))
                .scheduler(clock)
                .build();
        int timeouts = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Permit holder = hold(timed);
            Witness witness = new Witness();
            timed.withPermit(tokens(1).timeout(Duration.ofMillis(1)), permit -> Mono.just("x"))
                    .subscribe(witness);
            RaceTestUtils.race(holder::release, () -> clock.advance(Duration.ofMillis(1)));
            clock.advance(Duration.ZERO);
            witness.awaitTheEnd();
            assertThat(witness.terminals.get() == 1).isNotEqualTo(witness.error != null);
            timeouts += witness.error == null ? 0 : 1;
        }
        nothingIsLost(timed);
        assertThat(timeouts).isBetween(0, ROUNDS);
    }

    @Test
    void grantAgainstDispose() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            ModelRateLimiter closing = limiter();
            Permit holder = hold(closing);
            Witness witness = new Witness();
            closing.withPermit(tokens(1), permit -> Mono.just("x")).subscribe(witness);
            RaceTestUtils.race(holder::release, closing::dispose);
            witness.awaitTheEnd();
            assertThat(witness.terminals.get() == 1).isNotEqualTo(witness.error != null);
            closing.disposeLater().block(Duration.ofSeconds(10));
            assertThat(closing.snapshot(KEY).inFlight()).isZero();
        }
    }

    @Test
    void subscribeAgainstDispose() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            ModelRateLimiter closing = limiter();
            Witness witness = new Witness();
            Mono<String> call = closing.withPermit(tokens(1), permit -> Mono.just("x"));
            RaceTestUtils.race(() -> call.subscribe(witness), closing::dispose);
            witness.awaitTheEnd();
            assertThat(witness.terminals.get() == 1).isNotEqualTo(witness.error != null);
        }
    }

    @Test
    void outcomeAgainstOutcome() {
        for (int i = 0; i < ROUNDS; i++) {
            Permit holder = hold(limiter);
            RaceTestUtils.race(holder::abandon, () -> holder.succeeded(TokenUsage.of(5, 5)));
        }
        nothingIsLost(limiter);
    }

    @Test
    void answerAgainstCancel() {
        for (int i = 0; i < ROUNDS; i++) {
            reactor.test.publisher.TestPublisher<String> answer = reactor.test.publisher.TestPublisher.create();
            Witness witness = new Witness();
            limiter.withPermit(tokens(1), permit -> answer.mono()).subscribe(witness);
            RaceTestUtils.race(() -> answer.emit("x"), witness::cancel);
        }
        nothingIsLost(limiter);
    }

    @Test
    void updateAgainstAcquire() throws Exception {
        RateLimitProfile narrow =
                RateLimitProfile.builder("p", "m").concurrency(1).build();
        RateLimitProfile wide =
                RateLimitProfile.builder("p", "m").concurrency(4).build();
        for (int i = 0; i < ROUNDS; i++) {
            limiter.update(narrow);
            Permit holder = hold(limiter);
            Witness witness = new Witness();
            Mono<String> call = limiter.withPermit(tokens(1), permit -> Mono.just("x"));
            RaceTestUtils.race(() -> limiter.update(wide), () -> call.subscribe(witness));
            witness.awaitTheEnd();
            assertThat(witness.error).isNull();
            holder.release();
        }
        nothingIsLost(limiter);
    }

    @Test
    void bareAndBracketedPermitsUnderAStormOfCancellations() {
        AtomicInteger inside = new AtomicInteger();
        Consumer<String> check = x -> assertThat(inside.get()).isZero();
        List<Mono<?>> all = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            Mono<String> call = i % 2 == 0
                    ? limiter.withPermit(tokens(1), permit -> Mono.just("x").doOnNext(check))
                    : Mono.usingWhen(
                            limiter.acquire(tokens(1)),
                            permit -> Mono.just("x"),
                            permit -> Mono.fromRunnable(permit::release));
            int delay = i % 7;
            all.add(call.timeout(Duration.ofMillis(1 + delay))
                    .onErrorResume(java.util.concurrent.TimeoutException.class, e -> Mono.just("timeout"))
                    .subscribeOn(Schedulers.parallel()));
        }
        Long done = Flux.merge(Flux.fromIterable(all), 256).count().block(Duration.ofSeconds(60));
        assertThat(done).isEqualTo(4_000);
        nothingIsLost(limiter);
    }
}
