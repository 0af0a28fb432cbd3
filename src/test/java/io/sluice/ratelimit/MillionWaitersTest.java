package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** One million calls wait for one key, and all is over for all of them at once. Everybody hears of it once. */
@Timeout(60)
class MillionWaitersTest {

    private static final int MANY = 1_000_000;
    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final PermitRequest REQUEST = PermitRequest.of(KEY, TokenEstimate.of(1, 0));

    private enum Ending {
        PERMIT,
        ERROR
    }

    /** Counts what its callers are told, and how deep on one another's stacks. */
    private static final class Crowd {

        private final AtomicInteger permits = new AtomicInteger();
        private final AtomicInteger errors = new AtomicInteger();
        private final AtomicInteger toldTwice = new AtomicInteger();
        private final AtomicInteger deepest = new AtomicInteger();
        private final ThreadLocal<int[]> depth = ThreadLocal.withInitial(() -> new int[1]);
        private final CountDownLatch told;
        private final boolean release;
        private volatile Throwable error;

        /**
         * @param awaited how many will be told something
         * @param release whether each gives its permit back as soon as it has it
         */
        Crowd(int awaited, boolean release) {
            this.told = new CountDownLatch(awaited);
            this.release = release;
        }

        void isTold(Ending ending, Runnable andThen) {
            int[] here = depth.get();
            deepest.accumulateAndGet(++here[0], Math::max);
            (ending == Ending.PERMIT ? permits : errors).incrementAndGet();
            andThen.run();
            here[0]--;
            told.countDown();
        }
    }

    /** One of the crowd; small, because there are a million. */
    private static final class Caller implements CoreSubscriber<Permit> {

        private static final AtomicIntegerFieldUpdater<Caller> TOLD =
                AtomicIntegerFieldUpdater.newUpdater(Caller.class, "isTold");

        private final Crowd crowd;
        private Subscription subscription;

        @SuppressWarnings("UnusedVariable") // read and written by its updater
        private volatile int isTold;

        Caller(Crowd crowd) {
            this.crowd = crowd;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(Permit permit) {
            isTold(Ending.PERMIT, crowd.release ? permit::abandon : () -> {});
        }

        @Override
        public void onError(Throwable error) {
            crowd.error = error;
            isTold(Ending.ERROR, () -> {});
        }

        @Override
        public void onComplete() {}

        private void isTold(Ending ending, Runnable andThen) {
            if (!TOLD.compareAndSet(this, 0, 1)) {
                crowd.toldTwice.incrementAndGet();
            }
            crowd.isTold(ending, andThen);
        }
    }

    private static final List<ModelRateLimiter> OPENED = new ArrayList<>();

    private static RateLimitProfile profile(long rpm, int concurrency) {
        return RateLimitProfile.builder("p", "m")
                .rpm(rpm)
                .utilizationTarget(1)
                .concurrency(concurrency)
                .build();
    }

    private static ModelRateLimiter limiter(Scheduler scheduler) {
        ModelRateLimiter.Builder builder =
                ModelRateLimiter.builder().profiles(RateLimitProfiles.none().with(profile(1, 1)));
        return opened((scheduler == null ? builder : builder.scheduler(scheduler)).build());
    }

    private static ModelRateLimiter opened(ModelRateLimiter limiter) {
        OPENED.add(limiter);
        return limiter;
    }

    /** The timers of their clocks would keep all callers for ever. */
    @AfterEach
    void close() {
        OPENED.forEach(ModelRateLimiter::dispose);
        OPENED.clear();
    }

    /** Takes the only permit there is, and lets a million others wait for one. */
    private static Caller[] queue(ModelRateLimiter limiter, Crowd crowd) {
        limiter.acquire(REQUEST).subscribe(permit -> {});
        Caller[] callers = new Caller[MANY];
        for (int i = 0; i < MANY; i++) {
            callers[i] = new Caller(crowd);
            limiter.acquire(REQUEST).subscribe(callers[i]);
        }
        assertThat(limiter.snapshot(KEY).pending()).isEqualTo(MANY);
        assertThat(crowd.permits.get() + crowd.errors.get()).isZero();
        return callers;
    }

    private static void allAreTold(Crowd crowd, ModelRateLimiter limiter, int permits, int errors) {
        assertThat(crowd.permits).as("permits").hasValue(permits);
        assertThat(crowd.errors).as("errors").hasValue(errors);
        assertThat(crowd.toldTwice).as("told twice").hasValue(0);
        assertThat(crowd.deepest.get()).as("on one another's stack").isLessThanOrEqualTo(1);
        RateLimitSnapshot snapshot = limiter.snapshot(KEY);
        assertThat(snapshot.pending()).isZero();
        assertThat(snapshot.oldestWait()).isZero();
    }

    @Test
    void aLargerProfileServesThemAll() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        ModelRateLimiter limiter = limiter(clock);
        Crowd crowd = new Crowd(MANY, false);
        queue(limiter, crowd);
        limiter.update(profile(2 * MANY, MANY + 1));
        clock.advanceTimeBy(Duration.ZERO);
        allAreTold(crowd, limiter, MANY, 0);
        assertThat(limiter.snapshot(KEY).inFlight()).isEqualTo(MANY + 1);
        assertThat(limiter.snapshot(KEY).requests()).isEqualTo(MANY + 1);
    }

    @Test
    void aLargerProfileServesThemAllOnRealTime() throws InterruptedException {
        ModelRateLimiter limiter = limiter(null);
        Crowd crowd = new Crowd(MANY, false);
        queue(limiter, crowd);
        limiter.update(profile(2 * MANY, MANY + 1));
        assertThat(crowd.told.await(40, TimeUnit.SECONDS)).isTrue();
        allAreTold(crowd, limiter, MANY, 0);
        assertThat(limiter.snapshot(KEY).inFlight()).isEqualTo(MANY + 1);
        limiter.dispose();
    }

    @Test
    void eachGivesItsPermitToTheNextWithoutRecursion() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        ModelRateLimiter limiter = limiter(clock);
        Crowd crowd = new Crowd(MANY, true);
        queue(limiter, crowd);
        limiter.update(profile(2, 2));
        clock.advanceTimeBy(Duration.ZERO);
        allAreTold(crowd, limiter, MANY, 0);
        assertThat(limiter.snapshot(KEY).inFlight()).as("the first").isEqualTo(1);
    }

    @Test
    void eachGivesItsPermitToTheNextOnRealTime() throws InterruptedException {
        ModelRateLimiter limiter = limiter(Schedulers.parallel());
        Crowd crowd = new Crowd(MANY, true);
        queue(limiter, crowd);
        limiter.update(profile(2, 2));
        assertThat(crowd.told.await(40, TimeUnit.SECONDS)).isTrue();
        allAreTold(crowd, limiter, MANY, 0);
        limiter.dispose();
    }

    @Test
    void theyLeaveInTheOrderInWhichTheyCame() {
        ModelRateLimiter limiter = limiter(VirtualTimeScheduler.create(false));
        Crowd crowd = new Crowd(0, false);
        Caller[] callers = queue(limiter, crowd);
        for (Caller caller : callers) {
            caller.subscription.cancel();
        }
        allAreTold(crowd, limiter, 0, 0);
    }

    @Test
    void theyLeaveTheLastFirst() {
        ModelRateLimiter limiter = limiter(VirtualTimeScheduler.create(false));
        Crowd crowd = new Crowd(0, false);
        Caller[] callers = queue(limiter, crowd);
        for (int i = MANY - 1; i >= 0; i--) {
            callers[i].subscription.cancel();
        }
        allAreTold(crowd, limiter, 0, 0);
    }

    @Test
    void theyLeaveFromManyThreadsWhileTheyAreServed() throws InterruptedException {
        ModelRateLimiter limiter = limiter(null);
        Crowd crowd = new Crowd(0, true);
        Caller[] callers = queue(limiter, crowd);
        limiter.update(profile(2, 2));
        Thread[] leaving = new Thread[2];
        for (int t = 0; t < leaving.length; t++) {
            int first = t;
            leaving[t] = new Thread(() -> {
                for (int i = MANY - 1 - first; i >= 0; i -= leaving.length) {
                    callers[i].subscription.cancel();
                }
            });
            leaving[t].start();
        }
        for (Thread thread : leaving) {
            thread.join();
        }
        assertThat(limiter.snapshot(KEY).pending()).isZero();
        assertThat(crowd.toldTwice).hasValue(0);
        assertThat(crowd.errors).hasValue(0);
        assertThat(crowd.deepest.get()).isLessThanOrEqualTo(1);
        limiter.dispose();
    }

    @Test
    void aDisposedLimiterTurnsThemAllAway() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        ModelRateLimiter limiter = limiter(clock);
        Crowd crowd = new Crowd(MANY, false);
        queue(limiter, crowd);
        limiter.dispose();
        clock.advanceTimeBy(Duration.ZERO);
        assertThat(crowd.error).isInstanceOf(LimiterDisposedException.class);
        allAreTold(crowd, limiter, 0, MANY);
    }

    @Test
    void aDisposedLimiterTurnsThemAllAwayOnRealTime() throws InterruptedException {
        ModelRateLimiter limiter = limiter(null);
        Crowd crowd = new Crowd(MANY, false);
        queue(limiter, crowd);
        limiter.dispose();
        assertThat(crowd.told.await(40, TimeUnit.SECONDS)).isTrue();
        allAreTold(crowd, limiter, 0, MANY);
    }

    @Test
    void theyAllRunOutOfTimeAtOnce() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        ModelRateLimiter limiter = limiter(clock);
        Crowd crowd = new Crowd(MANY, false);
        queue(limiter, crowd);
        clock.advanceTimeBy(PermitRequest.DEFAULT_TIMEOUT.minusNanos(1));
        assertThat(crowd.errors).hasValue(0);
        clock.advanceTimeBy(Duration.ofNanos(1));
        assertThat(crowd.error).isInstanceOf(AcquireTimeoutException.class);
        allAreTold(crowd, limiter, 0, MANY);
    }

    @Test
    void aSmallerProfileTurnsThemAllAway() {
        VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
        ModelRateLimiter limiter = opened(ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(profile(1, 1).toBuilder().tpm(100).build()))
                .scheduler(clock)
                .build());
        PermitRequest large = PermitRequest.of(KEY, TokenEstimate.of(50, 0));
        Crowd crowd = new Crowd(MANY, false);
        limiter.acquire(large).subscribe(permit -> {});
        for (int i = 0; i < MANY; i++) {
            limiter.acquire(large).subscribe(new Caller(crowd));
        }
        limiter.update(profile(1, 1).toBuilder().tpm(49).build());
        clock.advanceTimeBy(Duration.ZERO);
        assertThat(crowd.error).isInstanceOf(RequestTooLargeException.class);
        allAreTold(crowd, limiter, 0, MANY);
    }
}
