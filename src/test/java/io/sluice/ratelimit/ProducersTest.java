package io.sluice.ratelimit;

import static io.sluice.ratelimit.VirtualLimiter.KEY;
import static io.sluice.ratelimit.VirtualLimiter.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.call.Priority;
import io.sluice.model.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * Real threads on one key, on real time: open producers, which ask without waiting for an answer, and closed ones, which ask
 * again when they have had one. Nobody is forgotten, no queue grows beyond its bound, and all permits come back. Two seconds
 * for each number of threads; with {@code -Dsluice.long=true} a minute.
 */
class ProducersTest {

    private static final List<Priority> PRIORITIES = List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW);
    private static final int MAX_PENDING = 2_000;
    private static final int SLOTS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LASTING =
            Boolean.getBoolean("sluice.long") ? Duration.ofMinutes(1) : Duration.ofSeconds(2);

    private final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none()
                    .with(RateLimitProfile.builder("p", "m")
                            .rpm(1_000_000_000)
                            .tpm(1_000_000_000_000L)
                            .utilizationTarget(1)
                            .concurrency(SLOTS)
                            .build()))
            .window(Duration.ofHours(2))
            .maxPending(MAX_PENDING)
            .aging(Duration.ofMillis(1))
            .tenantWeight("tenant 1", 2)
            .build();

    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicLong full = new AtomicLong();
    private final AtomicLong cancelled = new AtomicLong();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong charged = new AtomicLong();
    /** Permits that open producers hold, to be ended by whoever comes by. */
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();

    private final AtomicReference<Throwable> defect = new AtomicReference<>();
    private final long end = System.nanoTime() + LASTING.toNanos();

    private boolean goesOn() {
        return System.nanoTime() < end && defect.get() == null;
    }

    /** One call: it ends its permit in a way that chance decides, at once or later. */
    private final class Asker extends BaseSubscriber<Permit> {

        private final int outcome;
        private final boolean keeps;
        private final Runnable then;

        Asker(int outcome, boolean keeps, Runnable then) {
            this.outcome = outcome;
            this.keeps = keeps;
            this.then = then;
            asked.incrementAndGet();
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(Permit permit) {
            if (inFlight.incrementAndGet() > SLOTS) {
                defect.compareAndSet(null, new AssertionError("more in flight than there are slots"));
            }
            granted.incrementAndGet();
            if (keeps) {
                held.add(() -> endIt(permit));
            } else {
                endIt(permit);
            }
        }

        private void endIt(Permit permit) {
            inFlight.decrementAndGet();
            if (outcome % 3 == 0) {
                requests.incrementAndGet();
                charged.addAndGet(2);
                permit.succeeded(TokenUsage.of(1, 1));
            } else if (outcome % 3 == 1) {
                requests.incrementAndGet();
                charged.addAndGet(permit.estimate().total());
                permit.release();
            } else {
                permit.abandon();
            }
        }

        @Override
        protected void hookOnComplete() {
            then.run();
        }

        @Override
        protected void hookOnError(Throwable error) {
            if (error instanceof QueueFullException) {
                full.incrementAndGet();
                then.run();
            } else {
                defect.compareAndSet(null, error);
            }
        }
    }

    private static PermitRequest request(SplittableRandom random) {
        PermitRequest request = tokens(random.nextInt(20));
        return random.nextInt(3) == 0
                ? request.tenant("tenant " + random.nextInt(5)).priority(PRIORITIES.get(random.nextInt(3)))
                : request;
    }

    private boolean endHeld() {
        Runnable permit = held.poll();
        if (permit != null) {
            permit.run();
        }
        return permit != null;
    }

    /** Asks as fast as it can; some of its calls leave soon after. */
    private void open(SplittableRandom random) {
        while (goesOn()) {
            Asker asker = new Asker(random.nextInt(9), true, () -> {});
            limiter.acquire(request(random)).subscribe(asker);
            if (random.nextInt(4) == 0 && !asker.isDisposed()) {
                asker.cancel();
                cancelled.incrementAndGet();
            }
            boolean ended = random.nextBoolean() && endHeld();
            int pending = limiter.snapshot(KEY).pending();
            if (pending > MAX_PENDING) {
                defect.compareAndSet(null, new AssertionError(pending + " wait, ended one: " + ended));
            }
        }
    }

    /** Asks again when it has been answered. One that is never answered is a lost wake-up. */
    private void closed(SplittableRandom random) throws InterruptedException {
        while (goesOn()) {
            CountDownLatch answered = new CountDownLatch(1);
            limiter.acquire(request(random)).subscribe(new Asker(random.nextInt(9), false, answered::countDown));
            long patience = System.nanoTime() + PATIENCE.toNanos();
            while (!answered.await(1, TimeUnit.MILLISECONDS)) {
                boolean ended = endHeld();
                if (!ended && System.nanoTime() > patience) {
                    throw new AssertionError("a call was never answered: " + limiter.snapshot(KEY));
                }
            }
        }
    }

    private interface Producing {
        void run() throws InterruptedException;
    }

    private Thread producer(Producing producing) {
        Thread thread = new Thread(() -> {
            try {
                producing.run();
            } catch (Throwable thrown) {
                defect.compareAndSet(null, thrown);
            }
        });
        thread.start();
        return thread;
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 1", "1, 1", "4, 4", "32, 32"})
    void nothingIsLostAndNoQueueGrows(int open, int closed) throws InterruptedException {
        List<Thread> producers = new ArrayList<>();
        for (int i = 0; i < open; i++) {
            SplittableRandom random = new SplittableRandom(i);
            producers.add(producer(() -> open(random)));
        }
        for (int i = 0; i < closed; i++) {
            SplittableRandom random = new SplittableRandom(-1 - i);
            producers.add(producer(() -> closed(random)));
        }
        for (Thread producer : producers) {
            producer.join();
        }
        assertThat(defect.get()).isNull();
        // Whoever still waits is served as permits are ended; the last one waits behind them all.
        long patience = System.nanoTime() + PATIENCE.toNanos();
        while (limiter.snapshot(KEY).inFlight() > 0 || limiter.snapshot(KEY).pending() > 0) {
            boolean ended = endHeld();
            assertThat(ended || System.nanoTime() < patience)
                    .as("all are served")
                    .isTrue();
        }
        RateLimitSnapshot snapshot = limiter.snapshot(KEY);
        assertThat(snapshot.requests()).as("requests charged").isEqualTo(requests.get());
        assertThat(snapshot.tokens()).as("tokens charged").isEqualTo(charged.get());
        assertThat(granted.get() + full.get()).isBetween(asked.get() - cancelled.get(), asked.get());
        assertThat(inFlight).hasValue(0);
        limiter.dispose();
        System.out.printf(
                "%d open, %d closed producers: %d asked, %d granted, %d turned away, %d left%n",
                open, closed, asked.get(), granted.get(), full.get(), cancelled.get());
    }
}
