package io.sluice.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.Priority;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What one of a million waiting calls costs: in memory, to leave, and to be served. Prints what it measured. */
@Timeout(120)
class WaiterCostTest {

    private static final List<Priority> PRIORITIES = List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);
    private static final int MANY = 1_000_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final ModelKey KEY = ModelKey.of("p", "m");
    private static final PermitRequest PLAIN =
            PermitRequest.of(KEY, TokenEstimate.of(1, 0)).timeout(Duration.ofDays(10_000));
    private static final PermitRequest TIMED = PLAIN.timeout(Duration.ofMinutes(5));

    /** How much slower a shared machine may be. Times are those of the processor alone, because others use it too. */
    private static final double LEEWAY = Double.parseDouble(System.getProperty("sluice.leeway", "3"));

    private static final class Caller implements CoreSubscriber<Object> {

        private final AtomicInteger permits;
        private Subscription subscription;

        Caller(AtomicInteger permits) {
            this.permits = permits;
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            this.subscription = subscription;
            subscription.request(1);
        }

        @Override
        public void onNext(Object permit) {
            permits.incrementAndGet();
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onComplete() {}
    }

    private final AtomicInteger permits = new AtomicInteger();
    private final VirtualTimeScheduler clock = VirtualTimeScheduler.create(false);
    private final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none().with(profile(1)))
            .scheduler(clock)
            .build();
    private final Caller[] callers = new Caller[MANY];

    /** The timer of the clock would keep all of them for ever. */
    @AfterEach
    void close() {
        limiter.dispose();
    }

    private static RateLimitProfile profile(int concurrency) {
        return RateLimitProfile.builder("p", "m").concurrency(concurrency).build();
    }

    private void queue(IntFunction<Mono<?>> call) {
        limiter.acquire(PLAIN).subscribe(permit -> {});
        for (int i = 0; i < MANY; i++) {
            callers[i] = new Caller(permits);
        }
        for (int i = 0; i < MANY; i++) {
            call.apply(i).subscribe(callers[i]);
        }
        assertThat(limiter.snapshot(KEY).pending()).isEqualTo(MANY);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private double bytes(Mono<?> call) {
        for (int i = 0; i < MANY; i++) {
            callers[i] = new Caller(permits);
        }
        limiter.acquire(PLAIN).subscribe(permit -> {});
        long before = used();
        for (int i = 0; i < MANY; i++) {
            call.subscribe(callers[i]);
        }
        double each = (double) (used() - before) / MANY;
        assertThat(limiter.snapshot(KEY).pending()).isEqualTo(MANY);
        return each;
    }

    @Test
    void oneThatWaitsForAPermitTakesAtMost120BytesWithItsDeadline() {
        double each = bytes(limiter.acquire(TIMED));
        System.out.printf("acquire: %.1f bytes a waiter%n", each);
        assertThat(each).isLessThan(120);
    }

    @Test
    void oneWithItsCallTakesAtMost120BytesWithItsDeadline() {
        double each = bytes(limiter.withPermit(TIMED, permit -> Mono.never()));
        System.out.printf("withPermit: %.1f bytes a waiter%n", each);
        assertThat(each).isLessThan(120);
    }

    @Test
    void theyLeaveInAnyOrderInAMicrosecondEach() {
        queue(i -> limiter.acquire(TIMED));
        int[] order = shuffled();
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i : order) {
            callers[i].subscription.cancel();
        }
        double each = (double) (THREADS.getCurrentThreadCpuTime() - start) / MANY;
        System.out.printf("leaving at random: %.0f ns each%n", each);
        nobodyIsLeft();
        assertThat(each).isLessThan(1_000 * LEEWAY);
    }

    @Test
    void theyLeaveInAnyOrderWhereTheyHaveTenantsAndPriorities() {
        PermitRequest[] requests = new PermitRequest[300];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = TIMED.tenant("t" + i % 100).priority(PRIORITIES.get(i % 3));
        }
        queue(i -> limiter.acquire(requests[i % requests.length]));
        int[] order = shuffled();
        long start = THREADS.getCurrentThreadCpuTime();
        for (int i : order) {
            callers[i].subscription.cancel();
        }
        double each = (double) (THREADS.getCurrentThreadCpuTime() - start) / MANY;
        System.out.printf("leaving at random, with tenants: %.0f ns each%n", each);
        nobodyIsLeft();
        assertThat(each).isLessThan(1_500 * LEEWAY);
    }

    @Test
    void aMillionAreServedInASecondAndAHalf() {
        queue(i -> limiter.acquire(TIMED));
        served("a million served");
    }

    @Test
    void aMillionAreServedWhereTheyHaveTenantsAndPriorities() {
        PermitRequest[] requests = new PermitRequest[300];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = TIMED.tenant("t" + i % 100).priority(PRIORITIES.get(i % 3));
        }
        queue(i -> limiter.acquire(requests[i % requests.length]));
        served("a million with tenants served");
    }

    private void served(String what) {
        long start = THREADS.getCurrentThreadCpuTime();
        limiter.update(profile(MANY + 1));
        clock.advanceTimeBy(Duration.ZERO);
        double millis = (double) (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
        System.out.printf("%s in %.0f ms%n", what, millis);
        assertThat(permits).hasValue(MANY);
        assertThat(limiter.snapshot(KEY).pending()).isZero();
        assertThat(millis).isLessThan(1_500 * LEEWAY);
    }

    private int[] shuffled() {
        List<Integer> order = new ArrayList<>(MANY);
        for (int i = 0; i < MANY; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new Random(1));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private void nobodyIsLeft() {
        assertThat(permits).hasValue(0);
        RateLimitSnapshot snapshot = limiter.snapshot(KEY);
        assertThat(snapshot.pending()).isZero();
        assertThat(snapshot.inFlight()).as("the first").isEqualTo(1);
        assertThat(snapshot.requests()).isEqualTo(1);
    }
}
