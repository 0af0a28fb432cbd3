package io.sluice.breaker;

import io.sluice.FailureClass;
import io.sluice.failure.FailureReading;
import io.sluice.failure.WaitHint;
import io.sluice.time.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * Refuses calls to something that is broken, until a probe shows that it works again.
 *
 * <pre>{@code
 * CircuitBreaker breaker = CircuitBreaker.of("search", CircuitBreakerConfig.DEFAULT);
 * client.search(query).transform(breaker::protect)
 *
 *  CLOSED ──failures──► OPEN ──time over, a call comes──► HALF_OPEN ──probes succeed──► CLOSED
 *                        ▲                                    │
 *                        └────────── a probe fails ───────────┘
 * }</pre>
 *
 * <p><b>What counts.</b> A failure is an error that says that the other side is broken ({@link
 * FailureClass#tripsBreaker()}): overload, server errors, broken connections, time-outs, and what nobody knows. Other
 * errors count as nothing: a rate limit or a wrong request says nothing about the other side's health. A cancellation
 * counts as nothing, unless a deadline of this library cancelled: then it is a failure.
 *
 * <p><b>Generations.</b> Each transition begins a new one. A result counts only while the generation lasts that admitted
 * its call: whatever comes late changes nothing.
 *
 * <p><b>Probes.</b> Half-open admits exactly as many calls as are configured. One that ends without a result that counts
 * gives its place to the next call at once.
 *
 * <p><b>Threads and virtual time.</b> Thread-safe, without locks and timers: the clock is read when a call comes or ends.
 * The scheduler is looked up at every use, so that a breaker that was built anywhere runs on virtual time inside {@code
 * StepVerifier.withVirtualTime}. Signals stay on the threads that they come on.
 */
public final class CircuitBreaker {

    private static final AtomicReferenceFieldUpdater<CircuitBreaker, BreakerState> STATE =
            AtomicReferenceFieldUpdater.newUpdater(CircuitBreaker.class, BreakerState.class, "state");

    private final String name;
    private final CircuitBreakerConfig config;
    private final BreakerRules rules;
    private final TimeSource time;
    private final BreakerNews news;

    private volatile BreakerState state;
    /** Whether it was used since the registry last looked. Written without ordering: looking twice is late enough. */
    private boolean used = true;

    CircuitBreaker(String name, CircuitBreakerConfig config, TimeSource time, BreakerNews news) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a circuit breaker must not be blank");
        }
        this.name = name;
        this.config = config;
        this.rules = new BreakerRules(config);
        this.time = time;
        this.news = news;
        this.state = rules.initial();
    }

    /**
     * A breaker by itself; for one for each model or tool take a {@link CircuitBreakerRegistry}.
     *
     * @param name what its errors and events call it
     * @throws IllegalArgumentException if the name is blank
     */
    public static CircuitBreaker of(String name, CircuitBreakerConfig config) {
        return new CircuitBreaker(name, config, TimeSource.of(null, null));
    }

    /**
     * A breaker by itself, on another scheduler than {@link Schedulers#parallel()}.
     *
     * @param scheduler whose clock counts, and where events are told
     * @throws IllegalArgumentException if the name is blank, or for {@link Schedulers#immediate()}, which has no clock
     */
    public static CircuitBreaker of(String name, CircuitBreakerConfig config, Scheduler scheduler) {
        Objects.requireNonNull(scheduler, "scheduler");
        return new CircuitBreaker(name, config, TimeSource.of(scheduler, null));
    }

    private CircuitBreaker(String name, CircuitBreakerConfig config, TimeSource time) {
        this(name, config, time, new BreakerNews(time));
    }

    /**
     * A call with one answer, made only if the breaker admits it; its result counts before it is told.
     *
     * <pre>
     * subscribe ──► admitted ──► call ──► answer
     *     └──────► refused  ──✗ CircuitOpenException, the call is not made
     * </pre>
     *
     * <p>The breaker is asked at each subscription. An answer, or none, is a success.
     */
    public <T> Mono<T> protect(Mono<T> call) {
        Objects.requireNonNull(call, "call");
        return BreakerMono.of(call, () -> this);
    }

    /**
     * A call with many answers. It is slow if its first element is; it fails if it ends with an error, and succeeds if it
     * completes: a probe decides at its end. A cancellation, also after some elements, counts as nothing.
     *
     * @see #protect(Mono)
     */
    public <T> Flux<T> protect(Flux<T> call) {
        Objects.requireNonNull(call, "call");
        return BreakerFlux.of(call, () -> this);
    }

    /**
     * Asks for a call that somebody else makes; who is admitted must say how it ended. Lower level than {@link #protect}.
     */
    public Admission tryAcquire() {
        Admission admission = new Admission(this);
        CircuitOpenException refusal = enter(admission);
        if (refusal != null) {
            admission.refused(refusal);
        }
        return admission;
    }

    /**
     * Why a call that came now would be refused; null if it would be admitted. Takes nothing and changes nothing: a later
     * call may still be refused.
     */
    public @Nullable CircuitOpenException peek() {
        BreakerState seen = state;
        if (seen.state().passesAll()) {
            return null;
        }
        long now = time.nanos();
        seen = rules.due(seen, now);
        return rules.admit(seen, now) == null ? refusal(seen, now) : null;
    }

    /** What the next call finds: a breaker whose time is over is half-open, also when no probe has gone yet. */
    public CircuitState state() {
        long now = time.nanos();
        return BreakerRules.seen(rules.due(state, now), now);
    }

    /** How it stands. */
    public CircuitBreakerSnapshot snapshot() {
        long now = time.nanos();
        BreakerState present = rules.due(state, now);
        CallWindow window = present.window().at(now);
        return new CircuitBreakerSnapshot(
                name,
                BreakerRules.seen(present, now),
                present.consecutive(),
                window.calls(),
                window.failureRate(),
                window.slowRate(),
                present.out(),
                Duration.ofNanos(Math.max(0, present.until() - now)),
                present.reason());
    }

    /** The name that its errors and events call it. */
    public String name() {
        return name;
    }

    /** When it opens and closes. */
    public CircuitBreakerConfig config() {
        return config;
    }

    /**
     * What happens from now on. Hot; never errors. One of a registry tells its own events only, under the numbers that they
     * have among all of the registry.
     */
    public Flux<CircuitBreakerEvent> events() {
        return news.events().filter(event -> event.breaker().equals(name));
    }

    /** Refuses all calls until {@link #reset()}. Calls in flight go on, and their results do not count. */
    public void forceOpen() {
        switchTo(CircuitState.FORCED_OPEN);
    }

    /** Admits all calls and counts nothing until {@link #reset()}. */
    public void disable() {
        switchTo(CircuitState.DISABLED);
    }

    /** Admits all calls, counts their results, and tells when it would have opened, until {@link #reset()}. */
    public void metricsOnly() {
        switchTo(CircuitState.METRICS_ONLY);
    }

    /** Closes it, as new: nothing is counted, and results of calls in flight do not count. */
    public void reset() {
        switchTo(CircuitState.CLOSED);
    }

    private void switchTo(CircuitState to) {
        used = true;
        for (; ; ) {
            BreakerState before = state;
            BreakerState after = rules.switched(before, to);
            if (STATE.compareAndSet(this, before, after)) {
                news.switched(name, before, after);
                return;
            }
        }
    }

    // ---- what admissions ask and say ----

    boolean timesCalls() {
        return rules.timesCalls();
    }

    long now() {
        return time.nanos();
    }

    /** Admits a call, or tells why not. */
    @Nullable
    CircuitOpenException enter(Admission admission) {
        used = true;
        BreakerState seen = state;
        if (seen.state().passesAll()) {
            admission.admitted(seen.generation(), rules.timesCalls() ? time.nanos() : 0);
            return null;
        }
        long now = time.nanos();
        for (; ; ) {
            BreakerState present = settled(now);
            BreakerState next = rules.admit(present, now);
            if (next == null) {
                CircuitOpenException refusal = refusal(present, now);
                news.rejected(name, refusal);
                return refusal;
            }
            if (move(present, next, now, null)) {
                admission.admitted(next.generation(), now);
                return null;
            }
        }
    }

    private CircuitOpenException refusal(BreakerState by, long now) {
        Duration left = by.state() == CircuitState.OPEN ? Duration.ofNanos(Math.max(0, by.until() - now)) : null;
        return new CircuitOpenException(name, by.state(), by.consecutive(), left);
    }

    void succeeded(Admission admission) {
        BreakerState seen = state;
        boolean counts = seen.generation() == admission.generation();
        if (!counts || (rules.isUnmovedBySuccess(seen) && !rules.timesCalls())) {
            return;
        }
        used = true;
        long now = time.nanos();
        boolean slow = rules.isSlow(admission.took(now));
        for (; ; ) {
            BreakerState present = settled(now);
            if (move(present, rules.succeeded(present, admission.generation(), slow, now), now, null)) {
                return;
            }
        }
    }

    void failed(Admission admission, Throwable error) {
        if (state.generation() != admission.generation()) {
            return;
        }
        if (counts(error)) {
            countFailure(admission, error);
        } else {
            endedWithoutResult(admission);
        }
    }

    /** A failure, whatever the error says. */
    void countFailure(Admission admission, Throwable error) {
        used = true;
        long now = time.nanos();
        boolean slow = rules.isSlow(admission.took(now));
        long hint = hint(error);
        for (; ; ) {
            BreakerState present = settled(now);
            BreakerState next = rules.failed(present, admission.generation(), slow, hint, now);
            if (next.is(present)) {
                return;
            }
            if (STATE.compareAndSet(this, present, next)) {
                news.failed(name, next, error);
                news.moved(name, present, next, now, error);
                return;
            }
        }
    }

    void endedWithoutResult(Admission admission) {
        for (; ; ) {
            BreakerState present = state;
            BreakerState next = rules.withoutResult(present, admission.generation());
            if (next.is(present) || STATE.compareAndSet(this, present, next)) {
                return;
            }
        }
    }

    private boolean counts(Throwable error) {
        Predicate<? super Throwable> counts = config.counts();
        if (counts == null) {
            return read(error).failureClass().tripsBreaker();
        }
        try {
            return counts.test(error);
        } catch (Throwable thrown) {
            Exceptions.throwIfFatal(thrown);
            Operators.onErrorDropped(thrown, Context.empty());
            return true;
        }
    }

    private FailureReading read(Throwable error) {
        return config.classifier().read(error, time.instant());
    }

    private long hint(Throwable error) {
        WaitHint hint = config.followHints() ? read(error).hint() : null;
        return hint == null ? BreakerRules.NO_HINT : CircuitBreakerConfig.nanos(hint.delay());
    }

    /** The present state, after what the passing of time alone has made of it. */
    private BreakerState settled(long now) {
        for (; ; ) {
            BreakerState present = state;
            BreakerState due = rules.due(present, now);
            if (move(present, due, now, null)) {
                return due;
            }
        }
    }

    /** Goes on to a state, if nobody went elsewhere meanwhile, and tells what it means. */
    private boolean move(BreakerState from, BreakerState to, long now, @Nullable Throwable error) {
        if (to.is(from)) {
            return true;
        }
        if (!STATE.compareAndSet(this, from, to)) {
            return false;
        }
        news.moved(name, from, to, now, error);
        return true;
    }

    // ---- what the registry asks ----

    /** Whether it can be forgotten: nobody used it since this was last asked, and nothing is to come. */
    boolean isIdle() {
        boolean wasUsed = used;
        used = false;
        long now = time.nanos();
        return !wasUsed && BreakerRules.isForgettable(rules.due(state, now), now);
    }

    @Override
    public String toString() {
        return "CircuitBreaker[" + name + ", " + state() + "]";
    }
}
