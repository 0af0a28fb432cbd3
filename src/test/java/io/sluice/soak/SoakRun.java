package io.sluice.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Makes calls of all kinds for a while, cancels some of them at any time, and then looks at what is left over. */
public final class SoakRun {

    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How many calls there are at once, before no more are made. */
    private static final int MOST_OPEN = 1_000;

    /**
     * What came of it.
     *
     * @param calls how many calls were made
     * @param endings how they ended, by the name of an error where there was one
     * @param toldTwice how many were told of two endings
     * @param open how many never ended
     * @param heap the bytes in use after collections, over time
     * @param leftOver what is still held; empty where nothing is
     */
    public record Report(
            long calls, Map<String, Long> endings, int toldTwice, int open, List<Long> heap, String leftOver) {

        /** The heap at first, after things have warmed up: the least of the second quarter. */
        public long heapAtFirst() {
            return least(heap.size() / 4, heap.size() / 2);
        }

        /** The heap at last: the least of the last quarter. */
        public long heapAtLast() {
            return least(heap.size() - Math.max(1, heap.size() / 4), heap.size());
        }

        private long least(int from, int to) {
            return heap.subList(from, Math.max(from + 1, to)).stream()
                    .mapToLong(Long::longValue)
                    .min()
                    .orElseThrow();
        }

        /** One line. */
        public String line() {
            return String.format(
                    Locale.ROOT,
                    "%,d calls; heap %.1f MB at first, %.1f MB at last; %d never ended, %d told twice; left over: %s; %s",
                    calls,
                    heapAtFirst() / 1e6,
                    heapAtLast() / 1e6,
                    open,
                    toldTwice,
                    leftOver.isEmpty() ? "nothing" : leftOver,
                    endings);
        }
    }

    private final Random random;
    private final TroubledWorld world;
    private final int perTick;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger toldTwice = new AtomicInteger();
    private final AtomicLong calls = new AtomicLong();
    private final Map<String, LongAdder> endings = new ConcurrentHashMap<>();
    private final List<Long> heap = new ArrayList<>();

    private SoakRun(long seed, int callsASecond) {
        this.random = new Random(seed);
        this.world = new TroubledWorld(seed);
        this.perTick = Math.max(1, callsASecond / 100);
    }

    /**
     * Runs for so long, on a thread of its own.
     *
     * @param seed what happens by chance
     * @param callsASecond about how many
     */
    public static Mono<Report> of(Duration time, long seed, int callsASecond) {
        return Mono.using(
                () -> Schedulers.newSingle("soak"),
                driver -> Mono.defer(() -> new SoakRun(seed, callsASecond).on(driver, time)),
                Scheduler::dispose);
    }

    private Mono<Report> on(Scheduler driver, Duration time) {
        long ticks = time.dividedBy(TICK);
        long sampleEach = Math.max(1, ticks / 60);
        return Flux.interval(TICK, driver)
                .onBackpressureDrop()
                .take(ticks)
                .doOnNext(tick -> tick(tick, sampleEach))
                .then(Mono.defer(() -> drained(driver)))
                .map(drained -> report())
                .doFinally(signal -> world.close());
    }

    private void tick(long tick, long sampleEach) {
        if (tick % sampleEach == 0) {
            sample();
        }
        if (tick % 100 == 0) {
            world.changeLimits();
        }
        if (tick % 300 == 0) {
            world.changeBudget();
        }
        for (int i = 0; i < perTick && open.get() < MOST_OPEN; i++) {
            call();
        }
    }

    private void call() {
        open.incrementAndGet();
        calls.incrementAndGet();
        Listener listener = new Listener();
        world.call().subscribe(listener);
        switch (random.nextInt(8)) {
            case 0 -> listener.cancel();
            case 1 -> cancelLater(listener);
            default -> {}
        }
    }

    private void cancelLater(Listener listener) {
        Disposable unused = Schedulers.parallel().schedule(listener::cancel, random.nextInt(60), TimeUnit.MILLISECONDS);
    }

    private void sample() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        heap.add(runtime.totalMemory() - runtime.freeMemory());
    }

    /** All calls have ended, and the leases of what they held as well. */
    private Mono<Long> drained(Scheduler driver) {
        return Flux.interval(Duration.ofMillis(50), driver)
                .filter(tick -> open.get() == 0 && world.leftOver().isEmpty())
                .next()
                .timeout(PATIENCE, Mono.just(-1L));
    }

    private Report report() {
        sample();
        Map<String, Long> counts = new TreeMap<>();
        endings.forEach((name, count) -> counts.put(name, count.sum()));
        return new Report(calls.get(), counts, toldTwice.get(), open.get(), List.copyOf(heap), world.leftOver());
    }

    /** Takes all there is, some of it slowly, and sees that the end is told once. */
    private final class Listener extends BaseSubscriber<Object> {

        private final AtomicInteger ends = new AtomicInteger();
        private int elements;

        @Override
        protected void hookOnNext(Object value) {
            if (++elements == 100) {
                cancel();
            }
        }

        @Override
        protected void hookOnError(Throwable error) {
            end(error.getClass().getSimpleName());
        }

        @Override
        protected void hookOnComplete() {
            end("completed");
        }

        @Override
        protected void hookFinally(SignalType signal) {
            if (signal == SignalType.CANCEL) {
                end("cancelled");
            }
        }

        private void end(String how) {
            if (ends.incrementAndGet() == 1) {
                endings.computeIfAbsent(how, name -> new LongAdder()).increment();
                open.decrementAndGet();
            } else {
                toldTwice.incrementAndGet();
            }
        }
    }
}
