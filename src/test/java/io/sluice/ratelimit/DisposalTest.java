package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.VirtualLimiter.Caller;
import io.sluice.testing.Garbage;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class DisposalTest {

    private final VirtualLimiter one = new VirtualLimiter(profile -> profile.rpm(100));

    @Test
    void thoseWhoWaitAndThoseWhoComeAreToldSo() {
        one.ask(1);
        Caller waiting = one.ask(1);
        one.limiter.dispose();
        assertThat(waiting.error()).isInstanceOf(LimiterDisposedException.class).hasMessageContaining("p/m");
        StepVerifier.create(one.limiter.withPermit(tokens(1), permit -> Mono.just("x")))
                .verifyError(LimiterDisposedException.class);
        assertThat(one.limiter.isDisposed()).isTrue();
    }

    @Test
    void disposingLaterWaitsForCallsInFlight() {
        Caller holder = one.ask(1);
        List<String> signals = new ArrayList<>();
        Mono<Void> disposal = one.limiter.disposeLater();
        assertThat(one.limiter.isDisposed()).as("lazy").isFalse();
        disposal.subscribe(x -> {}, e -> {}, () -> signals.add("first"));
        disposal.subscribe(x -> {}, e -> {}, () -> signals.add("second"));
        one.passSeconds(10);
        assertThat(signals).isEmpty();
        holder.permit().succeeded(TokenUsage.UNKNOWN);
        assertThat(signals).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void disposingLaterHasABound() {
        one.ask(1);
        List<String> signals = new ArrayList<>();
        one.limiter.disposeLater().subscribe(x -> {}, e -> {}, () -> signals.add("done"));
        one.pass(Duration.ofSeconds(30).minusNanos(1));
        assertThat(signals).isEmpty();
        one.pass(Duration.ofNanos(1));
        assertThat(signals).containsExactly("done");
    }

    @Test
    void aDisposedLimiterIsNotHeldByWhatItWaitedFor() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        assertThat(Garbage.isCollected(disposedWhileCallsWait(clock))).isTrue();
        assertThat(clock.isDisposed()).isFalse();
    }

    private static WeakReference<ModelRateLimiter> disposedWhileCallsWait(Scheduler clock) {
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("p", "m").build()))
                .scheduler(clock)
                .build();
        limiter.acquire(tokens(1)).subscribe();
        limiter.acquire(tokens(1)).subscribe(permit -> {}, error -> {});
        limiter.dispose();
        return new WeakReference<>(limiter);
    }

    @Test
    void anIdleLimiterIsDisposedOfAtOnce() {
        StepVerifier.create(one.limiter.disposeLater()).verifyComplete();
        StepVerifier.create(one.limiter.disposeLater()).verifyComplete();
    }

    @Test
    void eventsEndWithTheLimiter() {
        StepVerifier.create(one.limiter.events())
                .then(() -> one.ask(1).permit().release())
                .then(one.clock::advanceTime)
                .expectNextCount(2)
                .then(one.limiter::dispose)
                .then(one.clock::advanceTime)
                .verifyComplete();
    }

    @Test
    void aSchedulerThatTakesNoMoreWorkIsAnErrorOfThoseWhoMustWait() {
        Scheduler scheduler = Schedulers.newParallel("short-lived", 1);
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("p", "m").build()))
                .scheduler(scheduler)
                .build();
        limiter.withPermit(tokens(1), permit -> Mono.never()).subscribe();
        scheduler.dispose();
        StepVerifier.create(limiter.withPermit(tokens(1), permit -> Mono.just("x")))
                .expectError(RejectedExecutionException.class)
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void theQueueHasABound() {
        VirtualLimiter small = new VirtualLimiter(profile -> profile.rpm(100), builder -> builder.maxPending(2));
        small.ask(3, 1);
        assertThat(small.ask(1).error())
                .isInstanceOf(QueueFullException.class)
                .hasMessageStartingWith("2 calls already wait for a permit of p/m");
        assertThat(small.snapshot().pending()).isEqualTo(2);
    }
}
