package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** A million calls wait for one model, on real threads: nothing recurses, and each is told exactly once. */
class MillionWaitersTest {

    private static final int WAITERS = 1_000_000;
    private static final ModelKey KEY = ModelKey.of("p", "m");

    private final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none()
                    .with(RateLimitProfile.builder("p", "m").build()))
            .build();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final CountDownLatch told = new CountDownLatch(WAITERS);

    private Disposable[] million() {
        PermitRequest request = PermitRequest.of(KEY).timeout(Duration.ofHours(1));
        Mono<Permit> wait = limiter.acquire(request);
        Disposable[] waiters = new Disposable[WAITERS];
        for (int i = 0; i < WAITERS; i++) {
            waiters[i] = wait.subscribe(
                    permit -> {
                        permit.release();
                        granted.incrementAndGet();
                        told.countDown();
                    },
                    error -> {
                        failed.incrementAndGet();
                        told.countDown();
                    });
        }
        assertThat(limiter.snapshot(KEY).pending()).isEqualTo(WAITERS);
        return waiters;
    }

    private Permit holder() {
        Permit holder = limiter.acquire(PermitRequest.of(KEY)).block(Duration.ofSeconds(10));
        assertThat(holder).isNotNull();
        return holder;
    }

    private void allAreTold() throws InterruptedException {
        assertThat(told.await(2, TimeUnit.MINUTES)).isTrue();
        assertThat(granted.get() + failed.get()).isEqualTo(WAITERS);
        assertThat(limiter.snapshot(KEY).pending()).isZero();
    }

    @Test
    void aChainOfReleasesGrantsThemAll() throws InterruptedException {
        Permit holder = holder();
        million();

        holder.release();

        allAreTold();
        assertThat(granted).hasValue(WAITERS);
        assertThat(limiter.snapshot(KEY).inFlight()).isZero();
    }

    @Test
    void anUpdateGrantsThemAllAtOnce() throws InterruptedException {
        holder();
        million();

        limiter.update(
                RateLimitProfile.builder("p", "m").concurrency(WAITERS + 1).build());

        allAreTold();
        assertThat(granted).hasValue(WAITERS);
        assertThat(limiter.snapshot(KEY).inFlight()).isEqualTo(1);
    }

    @Test
    void allLeaveTheLastFirst() {
        holder();
        Disposable[] waiters = million();

        for (int i = WAITERS - 1; i >= 0; i--) {
            waiters[i].dispose();
        }

        assertThat(limiter.snapshot(KEY).pending()).isZero();
        assertThat(granted).hasValue(0);
    }

    @Test
    void allLeaveTheFirstFirst() {
        holder();
        for (Disposable waiter : million()) {
            waiter.dispose();
        }

        assertThat(limiter.snapshot(KEY).pending()).isZero();
        assertThat(granted).hasValue(0);
    }

    @Test
    void disposalFailsThemAll() throws InterruptedException {
        holder();
        million();

        limiter.dispose();

        assertThat(told.await(2, TimeUnit.MINUTES)).isTrue();
        assertThat(failed).hasValue(WAITERS);
    }
}
