package io.sluice.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The clock of one component: nanoseconds since the component was made, read from the scheduler that is in use at the
 * moment of reading.
 *
 * <p>The scheduler is resolved at every use and never kept, so that a component which was built before
 * {@code StepVerifier.withVirtualTime} runs on virtual time inside it and on real time again after it. When the
 * scheduler changes, the component's time goes on from where it stood; it never jumps and, to within the races of
 * concurrent readers, never goes back, even on a virtual clock that does.
 *
 * <p>Thread-safe and lock-free.
 */
public final class TimeSource {

    private record Binding(Scheduler scheduler, long epoch) {}

    private static final AtomicReferenceFieldUpdater<TimeSource, Binding> BINDING =
            AtomicReferenceFieldUpdater.newUpdater(TimeSource.class, Binding.class, "binding");

    private final Supplier<Scheduler> schedulers;
    private final @Nullable InstantSource instants;
    private volatile Binding binding;
    /** The latest reading. Written without ordering: it only keeps a clock that goes back from being believed. */
    private long latest;

    private TimeSource(Supplier<Scheduler> schedulers, @Nullable InstantSource instants) {
        this.schedulers = schedulers;
        this.instants = instants;
        Scheduler scheduler = schedulers.get();
        this.binding = new Binding(scheduler, scheduler.now(TimeUnit.NANOSECONDS));
    }

    /**
     * @param scheduler where everything waits, or null for {@link Schedulers#parallel()}, resolved at every use
     * @param instants where instants come from, or null for the scheduler's own {@code now(MILLISECONDS)}
     * @throws IllegalArgumentException if the scheduler cannot wait
     */
    public static TimeSource of(@Nullable Scheduler scheduler, @Nullable InstantSource instants) {
        if (scheduler == null) {
            return new TimeSource(Schedulers::parallel, instants);
        }
        if (scheduler == Schedulers.immediate()) {
            throw new IllegalArgumentException(
                    "Schedulers.immediate() cannot wait; pass a scheduler with time, such as Schedulers.parallel()");
        }
        return new TimeSource(() -> scheduler, instants);
    }

    /** The scheduler in use now. */
    public Scheduler scheduler() {
        return schedulers.get();
    }

    /** Nanoseconds since this time source was made. */
    public long nanos() {
        Binding bound = bind();
        long now = bound.scheduler().now(TimeUnit.NANOSECONDS) - bound.epoch();
        if (now <= latest) {
            return latest;
        }
        latest = now;
        return now;
    }

    /** The instant now; for calendars, headers and files, never to measure a duration. */
    public Instant instant() {
        return instants != null
                ? instants.instant()
                : Instant.ofEpochMilli(scheduler().now(TimeUnit.MILLISECONDS));
    }

    /**
     * Calls {@code task} once, at or soon after the given time, on the scheduler in use now. It is a hint: the clock of
     * a virtual scheduler may be behind when it fires, so the task reads it again and asks for another hint where it
     * came too early.
     *
     * @param atNanos the time in terms of {@link #nanos()}; a time that has passed means at once
     */
    public Timeout schedule(long atNanos, Timeout.Task task) {
        Objects.requireNonNull(task, "task");
        Binding bound = bind();
        long at = saturatedAdd(atNanos, bound.epoch());
        return Timer.schedule(bound.scheduler(), at, task);
    }

    /** Whether a timeout stands that goes off at the given time or before it, by the clock in use now. */
    boolean covers(@Nullable Timeout standing, long atNanos) {
        Binding bound = bind();
        return standing != null
                && !standing.isDisposed()
                && standing.scheduler() == bound.scheduler()
                && standing.at <= saturatedAdd(atNanos, bound.epoch());
    }

    /** The time that lies {@code delay} after {@code nanos}; a sum beyond the range of a long is its largest value. */
    public static long after(long nanos, Duration delay) {
        long added;
        try {
            added = delay.toNanos();
        } catch (ArithmeticException tooLong) {
            return Long.MAX_VALUE;
        }
        return saturatedAdd(nanos, added);
    }

    private static long saturatedAdd(long a, long b) {
        long sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0) {
            return b < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return sum;
    }

    private Binding bind() {
        Scheduler scheduler = schedulers.get();
        Binding bound = binding;
        if (bound.scheduler() == scheduler) {
            return bound;
        }
        Binding fresh = new Binding(scheduler, scheduler.now(TimeUnit.NANOSECONDS) - latest);
        return BINDING.compareAndSet(this, bound, fresh) ? fresh : binding;
    }
}
