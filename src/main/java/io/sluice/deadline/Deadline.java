package io.sluice.deadline;

import io.sluice.time.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * How long calls may take. What runs out of time is cancelled, and a {@link DeadlineExceededException} names what was
 * waited for.
 *
 * <pre>{@code
 * Deadline deadline = Deadline.attempt(Duration.ofSeconds(30)).total(Duration.ofMinutes(2)).named("search");
 * client.search(query).transform(deadline::protectAttempt).transform(retry::protect).transform(deadline::protectTotal)
 * }</pre>
 *
 * <p><b>Which bound where.</b> A Mono has those of the attempt and in total. A Flux has all: its total ends with the first
 * element, and then the gaps and the attempt bound it. The time to the first element and the gaps count only while the
 * subscriber wants an element: a slow subscriber does not make its source late.
 *
 * <p><b>Exactness.</b> At exactly the deadline the time is over. {@code onSubscribe} comes at once, and a source that is
 * never heard of runs out of time as well.
 *
 * <p><b>Circuit breakers</b> count what a deadline cuts off as a failure, wherever they stand.
 *
 * <p><b>Threads and virtual time.</b> All deadlines hang on the one timer of the scheduler, which is looked up at every
 * use; the error is told on the scheduler, everything else where it comes. Immutable: each wither returns a new one.
 */
public final class Deadline {

    /** The longest that one attempt of a call with one answer may take by {@link #standard()}. */
    public static final Duration DEFAULT_ATTEMPT = Duration.ofSeconds(60);

    /** The longest that a whole call may take by {@link #standard()}, with its attempts and waits. */
    public static final Duration DEFAULT_TOTAL = Duration.ofMinutes(10);

    /** The longest that the first element of a stream may take by {@link #standard()}. */
    public static final Duration DEFAULT_FIRST_ELEMENT = Duration.ofSeconds(60);

    /** The longest that a stream may be silent between elements by {@link #standard()}. */
    public static final Duration DEFAULT_GAP = Duration.ofSeconds(30);

    private record Limits(
            @Nullable Duration attempt,
            boolean attemptOfStreams,
            @Nullable Duration first,
            @Nullable Duration gap,
            @Nullable Duration total) {}

    private record Asked(
            @Nullable Function<? super ContextView, ? extends @Nullable Duration> attempt,
            @Nullable Function<? super ContextView, ? extends @Nullable Duration> total) {

        static final Asked NOTHING = new Asked(null, null);
    }

    final String name;
    final TimeSource time;
    private final Limits limits;
    private final Asked asked;

    private Deadline(Limits limits, Asked asked, String name, TimeSource time) {
        this.limits = limits;
        this.asked = asked;
        this.name = name;
        this.time = time;
    }

    /** No deadline at all, to begin with. */
    public static Deadline none() {
        Limits limits = new Limits(null, true, null, null, null);
        return new Deadline(limits, Asked.NOTHING, "the call", TimeSource.of(null, null));
    }

    /**
     * The usual ones: an attempt of a Mono 60 seconds, the first element of a Flux 60 seconds and 30 seconds from one to the
     * next, in total 10 minutes. A Flux has no deadline of an attempt: its first element and its gaps bound it.
     */
    public static Deadline standard() {
        return none().with(new Limits(DEFAULT_ATTEMPT, false, DEFAULT_FIRST_ELEMENT, DEFAULT_GAP, DEFAULT_TOTAL));
    }

    /**
     * A deadline for one attempt, of a Flux too.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public static Deadline attempt(Duration attempt) {
        return none().withAttempt(attempt);
    }

    private Deadline with(Limits changed) {
        return new Deadline(changed, asked, name, time);
    }

    private static Duration positive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " must be greater than zero, was " + duration);
        }
        return duration;
    }

    /**
     * How long one attempt may take, of a Flux too, from its subscription to its end.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Deadline withAttempt(Duration attempt) {
        return with(new Limits(positive("attempt", attempt), true, limits.first, limits.gap, limits.total));
    }

    /**
     * How long the first element of a Flux may take.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Deadline firstElement(Duration firstElement) {
        Duration first = positive("firstElement", firstElement);
        return with(new Limits(limits.attempt, limits.attemptOfStreams, first, limits.gap, limits.total));
    }

    /**
     * How long a Flux may be silent after an element.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Deadline gap(Duration gap) {
        return with(
                new Limits(limits.attempt, limits.attemptOfStreams, limits.first, positive("gap", gap), limits.total));
    }

    /**
     * How long a whole call may take, with its attempts and the waits between them; of a Flux, until its first element.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Deadline total(Duration total) {
        return with(new Limits(
                limits.attempt, limits.attemptOfStreams, limits.first, limits.gap, positive("total", total)));
    }

    /**
     * Asks at each subscription how long this attempt may take; null means what is set here. Of an attempt that may take no
     * time the time is over at once.
     */
    public Deadline attemptFrom(Function<? super ContextView, ? extends @Nullable Duration> attempt) {
        return new Deadline(limits, new Asked(Objects.requireNonNull(attempt, "attempt"), asked.total), name, time);
    }

    /** Asks at each subscription how long this call may take in total; null means what is set here. */
    public Deadline totalFrom(Function<? super ContextView, ? extends @Nullable Duration> total) {
        return new Deadline(limits, new Asked(asked.attempt, Objects.requireNonNull(total, "total")), name, time);
    }

    /** What errors call the call; default "the call". */
    public Deadline named(String name) {
        return new Deadline(limits, asked, Objects.requireNonNull(name, "name"), time);
    }

    /**
     * Where everything waits and errors are told; default {@link Schedulers#parallel()}, looked up at every use.
     *
     * @throws IllegalArgumentException for {@link Schedulers#immediate()}, which cannot wait
     */
    public Deadline scheduler(Scheduler scheduler) {
        Objects.requireNonNull(scheduler, "scheduler");
        return new Deadline(limits, asked, name, TimeSource.of(scheduler, null));
    }

    /**
     * A call with one answer and all deadlines of this.
     *
     * <pre>
     * subscribe ──► call ──► answer in time, told as it is
     *     │          └─────✗ cancelled
     *     └── attempt, total ──► DeadlineExceededException
     * </pre>
     */
    public <T> Mono<T> protect(Mono<T> call) {
        return DeadlineMono.of(Objects.requireNonNull(call, "call"), this, Part.ALL);
    }

    /**
     * A call with many answers and all deadlines of this.
     *
     * <pre>
     * subscribe ──────────► 1 ────► 2 ────► 3 ────────────── ✗ cancelled
     *     └─ first, total ──┘ └ gap ┘ └ gap ┘ └── gap ──► DeadlineExceededException
     * </pre>
     */
    public <T> Flux<T> protect(Flux<T> call) {
        return DeadlineFlux.of(Objects.requireNonNull(call, "call"), this, Part.ALL);
    }

    /** One attempt of a call, without the deadline in total: to stand inside of a retry. */
    public <T> Mono<T> protectAttempt(Mono<T> attempt) {
        return DeadlineMono.of(Objects.requireNonNull(attempt, "attempt"), this, Part.ATTEMPT);
    }

    /** One attempt of a stream, without the deadline in total: to stand inside of a retry. */
    public <T> Flux<T> protectAttempt(Flux<T> attempt) {
        return DeadlineFlux.of(Objects.requireNonNull(attempt, "attempt"), this, Part.ATTEMPT);
    }

    /** A whole call, with the deadline in total only: to stand outside of a retry. */
    public <T> Mono<T> protectTotal(Mono<T> call) {
        return DeadlineMono.of(Objects.requireNonNull(call, "call"), this, Part.TOTAL);
    }

    /** A whole stream, with the deadline in total only, until its first element: to stand outside of a retry. */
    public <T> Flux<T> protectTotal(Flux<T> call) {
        return DeadlineFlux.of(Objects.requireNonNull(call, "call"), this, Part.TOTAL);
    }

    /**
     * How long a call with this context may still take, by the deadlines of the attempt and in total that stand around it,
     * also those of calls that it is part of: what is left of whichever ends first, and zero where that is over. Null where
     * none bounds it. Between elements of a stream more may bound it.
     */
    public static @Nullable Duration timeLeft(ContextView context) {
        return DeadlineCall.timeLeft(context);
    }

    /** Which of the deadlines an operator keeps. */
    enum Part {
        ALL,
        ATTEMPT,
        TOTAL
    }

    /** What bounds one subscription to a Mono. */
    Bounds ofMono(Part part, ContextView context) {
        return new Bounds(attempt(part, limits.attempt, context), Bounds.NONE, Bounds.NONE, total(part, context));
    }

    /** What bounds one subscription to a Flux. */
    Bounds ofFlux(Part part, ContextView context) {
        boolean outside = part == Part.TOTAL;
        return new Bounds(
                attempt(part, limits.attemptOfStreams ? limits.attempt : null, context),
                outside ? Bounds.NONE : Bounds.nanos(limits.first),
                outside ? Bounds.NONE : Bounds.nanos(limits.gap),
                total(part, context));
    }

    private long attempt(Part part, @Nullable Duration set, ContextView context) {
        return part == Part.TOTAL ? Bounds.NONE : answer(asked.attempt, set, context);
    }

    private long total(Part part, ContextView context) {
        return part == Part.ATTEMPT ? Bounds.NONE : answer(asked.total, limits.total, context);
    }

    private static long answer(
            @Nullable Function<? super ContextView, ? extends @Nullable Duration> question,
            @Nullable Duration set,
            ContextView context) {
        Duration said = question == null ? null : question.apply(context);
        return Math.max(0, Bounds.nanos(said == null ? set : said));
    }
}
