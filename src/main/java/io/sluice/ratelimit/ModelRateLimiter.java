package io.sluice.ratelimit;

import io.sluice.failure.Backoff;
import io.sluice.failure.FailureClassifier;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.support.HandOver;
import io.sluice.time.TimeSource;
import io.sluice.time.Timeout;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Paces calls to models so that the provider's limits are kept before anything is sent: requests, tokens and calls in
 * flight are granted together, as one permit, and what a call really used is settled when it ends.
 *
 * <pre>{@code
 * limiter.withPermit(PermitRequest.of(key, estimate), permit -> client.call(prompt)
 *         .doOnNext(answer -> permit.succeeded(answer.usage())))
 * }</pre>
 *
 * <p><b>Exactness.</b> In <em>every</em> span of one window, no more is granted than the effective limits allow; calls
 * that turned out to cost more than estimated are charged when that is known, and later calls wait for it. Models that
 * share a wildcard profile have the same limits, each for itself.
 *
 * <p><b>Order.</b> Calls of one model are served first in, first out; a large one is not overtaken by small ones. A
 * {@link io.sluice.call.Priority} is an advantage that is bounded in time; {@linkplain Builder#tenantWeight tenants} share a
 * model by weights. A call that is retried goes before all that never had a permit. A waiting call that is cancelled, or
 * runs out of time, leaves at once and gives its place back.
 *
 * <p><b>Threads.</b> Nothing blocks. A call that need not wait goes on where it was subscribed; one that waited goes on
 * on the limiter's scheduler. The function that makes a call is run once for each subscriber, when it has its permit.
 *
 * <p><b>Virtual time.</b> The scheduler is looked up at every use: a limiter that was built anywhere runs on virtual time
 * inside {@code StepVerifier.withVirtualTime}, and on real time outside.
 *
 * <p><b>Nested calls.</b> A call that is made inside a call of the same model (the Reactor Context tells) uses that call's
 * slot and goes before the queue; otherwise both would wait for ever. {@link NestedCalls} has another way.
 */
public final class ModelRateLimiter implements Disposable {

    /** How long a limiter waits for its calls in flight when it is disposed of gracefully. */
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final KnownQueues queues;
    private final LimiterCore core;
    private final Sinks.Empty<Void> quiet = Sinks.empty();
    private final AtomicInteger busy = new AtomicInteger(1);
    private final AtomicBoolean disposed = new AtomicBoolean();

    private ModelRateLimiter(Builder builder) {
        TimeSource time = TimeSource.of(builder.scheduler, builder.instantSource);
        Scheduler resumeOn = builder.resumeOn;
        Supplier<Scheduler> resume = resumeOn == null ? time::scheduler : () -> resumeOn;
        String name = Long.toString(new SplittableRandom().nextLong() >>> 4, Character.MAX_RADIX);
        this.core = new LimiterCore(
                time,
                new HandOver(resume),
                new LimiterNews(time, builder.listeners),
                builder.random,
                builder.classifier,
                builder.backoff,
                builder.learnLimits,
                builder.processingTime,
                builder.window,
                builder.maxPending,
                new QueueOrder(builder.aging.toNanos(), Map.copyOf(builder.tenantWeights), builder.nested),
                this::successor,
                new AtomicLong(),
                "permit-" + name.toLowerCase(Locale.ROOT));
        long window = builder.window.toNanos();
        int restoreAfter = builder.restoreAfterSuccesses;
        this.queues = new KnownQueues(core, builder.profiles, builder.known, (key, profile) -> {
            KeyLedger ledger = new KeyLedger(key, profile, window, restoreAfter, time::instant, time.nanos());
            return new PermitQueue(key, profile, ledger, core);
        });
    }

    /** Begins a limiter; without further settings it knows the built-in profiles. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs a call under a permit. The form to prefer: the permit cannot be lost.
     *
     * <pre>
     * subscribe ──► wait ──► [permit] ──► call subscribed ──► answer
     *                                                         │
     *                                   permit ended, slot free, then the answer is told
     * </pre>
     *
     * <p>If the call did not end its permit itself: an answer, or completion without one, ends it as succeeded with
     * unknown usage; an error by its class; a cancellation before the call was subscribed as never sent, after that as
     * sent with unknown outcome. {@code onSubscribe} comes at once, so a {@code timeout} downstream counts the waiting.
     *
     * <p><b>Errors</b>, beside the call's own: {@link UnknownModelException}, {@link RequestTooLargeException},
     * {@link AcquireTimeoutException}, {@link QueueFullException}, {@link NestedCallException},
     * {@link LimiterDisposedException}; and a {@link RejectedExecutionException} where the scheduler takes no more work.
     *
     * @param call makes the call, given its permit; run once per subscriber, and only with a permit
     */
    public <T> Mono<T> withPermit(PermitRequest request, Function<? super Permit, ? extends Mono<? extends T>> call) {
        return PermitMono.of(this, Objects.requireNonNull(request), Objects.requireNonNull(call), null);
    }

    /**
     * Runs a call under a permit and settles what its answer says that it used.
     *
     * @param call the call
     * @param usage reads the usage out of the answer; if it throws, the usage is unknown and the error is told
     * @see #withPermit(PermitRequest, Function)
     */
    public <T> Mono<T> withPermit(PermitRequest request, Mono<T> call, Function<? super T, TokenUsage> usage) {
        Objects.requireNonNull(call, "call");
        return PermitMono.of(this, Objects.requireNonNull(request), permit -> call, Objects.requireNonNull(usage));
    }

    /**
     * Runs a call with many answers under a permit, which is held until the last: a slow consumer holds its slot. What
     * was requested before there is a permit is requested from the call when there is one.
     *
     * @see #withPermit(PermitRequest, Function)
     */
    public <T> Flux<T> withPermitMany(
            PermitRequest request, Function<? super Permit, ? extends Publisher<? extends T>> call) {
        return PermitFlux.of(this, Objects.requireNonNull(request), Objects.requireNonNull(call));
    }

    /**
     * A permit as a value, asked for on the first request. Whoever gets it must end it; one that is forgotten loses its
     * slot after {@link PermitRequest#maxHold}.
     *
     * <p>The only bracket to put around it is {@code Mono.usingWhen(limiter.acquire(request), call, ..)}. Do not put
     * operators such as {@code timeout} or {@code publishOn} in between: they can lose the permit in a race of a
     * cancellation, and {@code doOnDiscard(Permit.class, Permit::abandon)} finds some of them only. Nested calls are not
     * known as such. Where you can, use {@link #withPermit}.
     *
     * <p><b>Discard support:</b> a permit that was granted and not yet delivered when the subscriber cancels is given
     * back in full.
     */
    public Mono<Permit> acquire(PermitRequest request) {
        return AcquireMono.of(this, Objects.requireNonNull(request));
    }

    /**
     * How long a call would probably wait if it were made now: for the windows behind all that wait, and for a slot by
     * the mean duration of the calls so far. Takes nothing. Of priority and tenant counts what the request itself says.
     *
     * @throws UnknownModelException if no profile covers the model
     * @throws RequestTooLargeException if no waiting would help
     */
    public Duration estimateWait(PermitRequest request) {
        return queues.of(request.key()).estimateWait(request);
    }

    /**
     * Other limits for one model, or through a wildcard for several, at once: what was used stays charged, waiting calls
     * are looked at again, and those that fit no more fail with {@link RequestTooLargeException}.
     */
    public void update(RateLimitProfile profile) {
        queues.update(present -> present.with(profile));
    }

    /**
     * How a model stands now. Changes nothing.
     *
     * @throws UnknownModelException if no profile covers the model
     */
    public RateLimitSnapshot snapshot(ModelKey key) {
        return queues.of(key).snapshot().of(key);
    }

    /**
     * What another limiter needs to go on from here, for each model that was asked for or restored. Changes nothing.
     *
     * @see Builder#restore
     */
    public List<RateLimitState> states() {
        return queues.states();
    }

    /**
     * What happens from now on, for all models. Hot and lossy: a subscriber that is some hundred events behind loses
     * further ones, and sees it from the gap in {@link RateLimitEvent#sequence()}. Signalled on the limiter's scheduler.
     */
    public Flux<RateLimitEvent> events() {
        return core.news().events();
    }

    /** Disposes of the limiter without waiting for calls in flight. */
    @Override
    public void dispose() {
        if (!disposed.compareAndSet(false, true)) {
            return;
        }
        queues.close(this::close);
        oneLessBusy();
    }

    @Override
    public boolean isDisposed() {
        return disposed.get();
    }

    /**
     * Disposes of the limiter on subscription, and completes when all calls in flight have ended, after 30 seconds at
     * the latest. Waiting calls fail with {@link LimiterDisposedException} at once, new ones when they are subscribed;
     * permits that are held can still be settled. All subscribers see the same completion.
     */
    public Mono<Void> disposeLater() {
        return disposeLater(GRACE);
    }

    /**
     * As {@link #disposeLater()}, with another bound.
     *
     * @param grace how long to wait for calls in flight at most
     */
    public Mono<Void> disposeLater(Duration grace) {
        return Mono.defer(() -> {
            dispose();
            TimeSource time = core.time();
            Timeout bound = time.schedule(TimeSource.after(time.nanos(), grace), new GraceIsOver());
            return quiet.asMono().doFinally(signal -> bound.dispose());
        });
    }

    /** The queue of a request's model; null after the subscriber was told why there is none. */
    @Nullable
    PermitQueue queueFor(PermitRequest request, CoreSubscriber<?> actual) {
        if (disposed.get()) {
            Operators.error(actual, new LimiterDisposedException(request.key()));
            return null;
        }
        try {
            return queues.of(request.key());
        } catch (UnknownModelException unknown) {
            Operators.error(actual, unknown);
            return null;
        }
    }

    KnownQueues queues() {
        return queues;
    }

    private PermitQueue successor(Waiter waiter) {
        PermitQueue successor = queues.of(waiter.key());
        waiter.queue = successor;
        return successor;
    }

    private void close(PermitQueue queue) {
        busy.incrementAndGet();
        if (!queue.close(this::oneLessBusy)) {
            oneLessBusy();
        }
    }

    private void oneLessBusy() {
        if (busy.decrementAndGet() == 0) {
            quiet.tryEmitEmpty();
            core.news().close();
        }
    }

    private final class GraceIsOver implements Timeout.Task {

        @Override
        public void due() {
            quiet.tryEmitEmpty();
        }

        @Override
        public void rejected(RejectedExecutionException reason) {
            quiet.tryEmitEmpty();
        }
    }

    /** Collects the settings of a limiter. Not thread-safe. */
    public static final class Builder {

        private RateLimitProfiles profiles = RateLimitProfiles.current();
        private Duration window = Duration.ofMinutes(1);
        private int restoreAfterSuccesses = 3;
        private int maxPending = 1_000_000;
        private Duration aging = Duration.ofSeconds(30);
        private final Map<String, Double> tenantWeights = new HashMap<>();
        private NestedCalls nested = NestedCalls.BORROW;
        private final List<RateLimitListener> listeners = new ArrayList<>();
        private Collection<RateLimitState> known = List.of();
        private FailureClassifier classifier = FailureClassifier.standard();
        private Backoff backoff = Backoff.DEFAULT;
        private boolean learnLimits;
        private ProcessingTime processingTime = new ProcessingTime(null);
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();
        private @Nullable Scheduler scheduler;
        private @Nullable Scheduler resumeOn;
        private @Nullable InstantSource instantSource;

        private Builder() {}

        /** The limits of the models; default {@link RateLimitProfiles#current()}. */
        public Builder profiles(RateLimitProfiles profiles) {
            this.profiles = Objects.requireNonNull(profiles, "profiles");
            return this;
        }

        /**
         * The span that rpm and tpm count for; default a minute. Another one is for providers with other windows, and
         * for tests.
         *
         * @throws IllegalArgumentException if it is not between a microsecond and 400 days
         */
        public Builder window(Duration window) {
            if (window.compareTo(Duration.ofNanos(1_000)) < 0 || window.compareTo(Duration.ofDays(400)) > 0) {
                throw new IllegalArgumentException("window must be between 1 microsecond and 400 days, was " + window);
            }
            this.window = window;
            return this;
        }

        /**
         * After how many successes in a row a reduced concurrency cap rises by one; default 3.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder restoreAfterSuccesses(int successes) {
            this.restoreAfterSuccesses = atLeastOne("restoreAfterSuccesses", successes);
            return this;
        }

        /**
         * How many calls may wait for one key; more are turned away with {@link QueueFullException}. Default 1,000,000.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder maxPending(int maxPending) {
            this.maxPending = atLeastOne("maxPending", maxPending);
            return this;
        }

        /**
         * How much sooner a call goes for each class of {@link io.sluice.call.Priority} above another: one that has waited
         * for so long is no more overtaken by those of the next class that come. Default 30 seconds.
         *
         * @throws IllegalArgumentException if it is not between a nanosecond and a day
         */
        public Builder aging(Duration aging) {
            if (aging.isZero() || aging.isNegative() || aging.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("aging must be between 1 nanosecond and a day, was " + aging);
            }
            this.aging = aging;
            return this;
        }

        /**
         * The weight of a tenant. While calls of several tenants wait for one model, each is given limits in proportion to
         * its weight; the cost of a call is the part of a window that its estimate fills, of requests or of tokens,
         * whichever is more. Calls without a tenant are together one more tenant, of weight 1, as is any that has none set.
         *
         * <p><b>Bounds.</b> Take two calls of a tenant that are served one after the other, where the second waits since the
         * first was served, at cost c. In between any other tenant is given at most c times its weight over this one's, and
         * one call more. Tenants that come anew go before the second only until all others together have been given c times
         * the weights of all who wait over this one's, and two calls more: so not even an endless line of new names holds it
         * up. For the first call of a tenant that was idle the same is true with the largest cost over weight of anybody's
         * call in place of its own; it has gained nothing by being idle. One tenant alone is served as if there were none.
         * Calls that come back for another attempt, and nested ones, go before all and count for their tenants.
         *
         * @param tenant its name, told apart by upper and lower case
         * @param weight default 1; from 0.001 to 1,000
         * @throws IllegalArgumentException if the name is blank or the weight out of range
         */
        public Builder tenantWeight(String tenant, double weight) {
            if (tenant.isBlank()) {
                throw new IllegalArgumentException("the name of a tenant must not be blank");
            }
            if (!(weight >= 0.001 && weight <= 1_000)) {
                throw new IllegalArgumentException(
                        "the weight of tenant " + tenant + " must be from 0.001 to 1,000, was " + weight);
            }
            tenantWeights.put(tenant, weight);
            return this;
        }

        /** What becomes of a call inside a call of the same model; default {@link NestedCalls#BORROW}. */
        public Builder nested(NestedCalls nested) {
            this.nested = Objects.requireNonNull(nested, "nested");
            return this;
        }

        /**
         * Where the limiter waits, and whose clock it lives by; default {@link Schedulers#parallel()}, looked up at every
         * use.
         */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * Where calls that waited go on; default the scheduler that the limiter waits on.
         *
         * @throws IllegalArgumentException for {@link Schedulers#immediate()}: it would run a waiting call on the thread
         *     of whoever made room for it
         */
        public Builder resumeOn(Scheduler resumeOn) {
            if (resumeOn == Schedulers.immediate()) {
                throw new IllegalArgumentException(
                        "Schedulers.immediate() would run waiting calls on the thread of whoever made room for them");
            }
            this.resumeOn = Objects.requireNonNull(resumeOn, "resumeOn");
            return this;
        }

        /**
         * Where the instants of events and states come from, and what dates in answers are compared with where an answer has
         * none of its own; default the scheduler's own clock.
         */
        public Builder instantSource(InstantSource instantSource) {
            this.instantSource = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /** Numbers in [0, 1) for the jitter of delays; default random ones. */
        public Builder random(DoubleSupplier random) {
            this.random = Objects.requireNonNull(random, "random");
            return this;
        }

        /** What the failures of calls mean; default {@link FailureClassifier#standard()}. */
        public Builder classifier(FailureClassifier classifier) {
            this.classifier = Objects.requireNonNull(classifier, "classifier");
            return this;
        }

        /**
         * How long a model pauses after a refusal that does not say how long: it grows with each refusal in a row, those
         * of calls that were admitted together counting as one. Default: from one second to a minute.
         */
        public Builder backoff(Backoff backoff) {
            this.backoff = Objects.requireNonNull(backoff, "backoff");
            return this;
        }

        /**
         * Whether limits that a provider states in its answers take the place of the profile's rpm and tpm, upwards and
         * downwards; default false. Believed are the same headers as for {@link Permit#headers}. An {@link
         * ModelRateLimiter#update} counts until the next answer says otherwise.
         */
        public Builder learnLimits(boolean learnLimits) {
            this.learnLimits = learnLimits;
            return this;
        }

        /**
         * Believes a header of answers that says how many milliseconds the provider worked on the call, such as OpenAI's
         * {@code openai-processing-ms}: with a {@linkplain RateLimitProfile#skew() skew} the charge of a call then ages
         * from so long before its answer, though never from before its grant. So a window is full for less long. Default:
         * none is believed. Only for headers that tell the whole time since the provider counted the call, or less.
         *
         * @param header its name, in any case
         */
        public Builder processingTime(String header) {
            this.processingTime = ProcessingTime.of(header);
            return this;
        }

        /**
         * Tells a listener everything that happens, without loss; several may be added.
         *
         * @see ModelRateLimiter#events()
         */
        public Builder listener(RateLimitListener listener) {
            listeners.add(Objects.requireNonNull(listener, "listener"));
            return this;
        }

        /**
         * Goes on from what another limiter knew: what it charged and is still in the window counts, by the clock of
         * instants. A charge that was {@linkplain RateLimitProfile#skew() open} ages from when it would have; others from
         * the future count as made now. A cap of 0 becomes the profile's, one beyond the profile's
         * bounds its bound; calls that were in flight are not restored.
         *
         * @param states {@linkplain ModelRateLimiter#states() its states}; of several for one model the last counts
         */
        public Builder restore(Collection<RateLimitState> states) {
            this.known = List.copyOf(states);
            return this;
        }

        /** The limiter. */
        public ModelRateLimiter build() {
            return new ModelRateLimiter(this);
        }

        private static int atLeastOne(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, was " + value);
            }
            return value;
        }
    }
}
