package io.sluice.governor;

import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.breaker.CircuitBreakerRegistry;
import io.sluice.budget.Budget;
import io.sluice.budget.Charge;
import io.sluice.call.Call;
import io.sluice.call.CallListener;
import io.sluice.call.CallRecord;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.debounce.Debouncer;
import io.sluice.failure.FailureClassifier;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.retry.ProviderRetry;
import io.sluice.time.TimeSource;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Everything that governs a call, around it in one order.
 *
 * <pre>{@code
 * Governor governor = Governor.builder()
 *         .limiter(limiter).budget(budget).retry(ProviderRetry.attempts(3)).breakers(CircuitBreakerConfig.DEFAULT).build();
 * governor.govern(Call.of(model, prompt, estimate), attempt -> client.ask(attempt.arguments())
 *         .doOnNext(answer -> attempt.used(answer.usage())))
 *
 *   fallback ( debounce ► approval ► budget reserved ► total deadline begins ►
 *       retry ( breaker asked ► permit ► breaker admits ► attempt deadline ► call ) )
 * }</pre>
 *
 * <p><b>Parts.</b> Each may be absent, and calls then pass where it would stand. There is always a deadline, {@link
 * Deadline#standard()} unless it is said. A call is debounced and guarded by its {@linkplain Call#name() name}.
 *
 * <p><b>What is held when.</b> Nothing while somebody decides about an approval; budget and breaker are asked after that. The
 * reservation lasts from there to the end; before another attempt it is topped up by what the failed one may have cost, and
 * where that does not fit, there is none. A permit is held for one attempt. An attempt that the breaker refuses after it has
 * its permit gives that back in full. A call that is cancelled, at whatever stage, gives back all; what was sent is paid for.
 *
 * <p><b>The breaker sees each attempt</b>, also those that a retry or a fallback makes good for. Once it opens, there is no
 * further attempt.
 *
 * <p><b>Budgets.</b> That of the Context goes before that of the governor. A call inside a governed one should not charge the
 * same budget for the same tokens again.
 *
 * <p><b>Threads and virtual time</b> are those of the parts: nothing blocks, and schedulers are looked up at every use.
 */
public final class Governor {

    /** How many calls are kept in the log, unless it is said. */
    public static final int DEFAULT_CALL_LOG = 256;

    private static final int LONGEST_CALL_LOG = 1_000_000;

    private final Parts parts;
    private final boolean deadlineSet;
    private final @Nullable Scheduler scheduler;

    private Governor(Parts parts, boolean deadlineSet, @Nullable Scheduler scheduler) {
        this.parts = parts;
        this.deadlineSet = deadlineSet;
        this.scheduler = scheduler;
    }

    /** Begins a governor that has no part but the standard deadline. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A builder that starts from this governor. What is not changed is shared: both pace, charge and break together.
     */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.debouncer = parts.debouncer();
        builder.approval = parts.approval();
        builder.budget = parts.budget();
        builder.charges = parts.charges();
        builder.deadline = parts.deadline();
        builder.deadlineSet = deadlineSet;
        builder.retry = parts.retry();
        builder.breakers = parts.breakers();
        builder.limiter = parts.limiter();
        builder.permits = parts.permits();
        builder.classifier = parts.classifier();
        builder.scheduler = scheduler;
        return builder;
    }

    /**
     * Makes a call with one answer.
     *
     * <pre>
     * subscribe ──► waits and attempts ──► answer, everything settled before it is told
     *                      └──────✗ refused or failed ──► fallback, else the error
     * </pre>
     *
     * <p><b>Errors</b>, beside the call's own: those of the parts, each a {@link io.sluice.SluiceException}; {@link
     * CallDeclinedException} where the approval was refused, or ended without a decision.
     *
     * @param call what is asked for
     * @param made makes one attempt; must send nothing before it is subscribed to, and not throw after it has sent something
     * @param fallbacks what takes its place where it fails; the first that is for the failure, and after it those behind it
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final <A, T> Mono<T> govern(
            Call<A> call, Function<? super Attempt<A>, ? extends Mono<? extends T>> made, Fallback<T>... fallbacks) {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(made, "made");
        List<Fallback<T>> declared = List.of(fallbacks);
        return Mono.defer(() -> new MonoRoute<A, T>(parts, call, made, declared, new Progress()).whole());
    }

    /**
     * Makes a call with one answer, and tells how that ended as a value. Ends with an error only for what ends the virtual
     * machine; a cancellation is passed on.
     *
     * @see #govern
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final <A, T> Mono<Outcome<T>> outcome(
            Call<A> call, Function<? super Attempt<A>, ? extends Mono<? extends T>> made, Fallback<T>... fallbacks) {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(made, "made");
        List<Fallback<T>> declared = List.of(fallbacks);
        return Mono.defer(() -> {
            Progress progress = new Progress();
            return new MonoRoute<A, T>(parts, call, made, declared, progress)
                    .whole()
                    .map(answer -> Outcomes.answered(call, answer, progress))
                    .switchIfEmpty(Mono.fromSupplier(() -> Outcomes.answered(call, null, progress)))
                    .onErrorResume(failure -> Mono.just(Outcomes.failed(call, failure, parts.classifier())));
        });
    }

    /**
     * Makes a call with many answers. It is repeated, and a fallback takes its place, before its first element only.
     *
     * <pre>
     * subscribe ──► waits and attempts ──► a ──► b ──► c ──► complete, everything settled before it is told
     *                                               └──► more than the budget has: cut, settled, error
     * </pre>
     *
     * <p>Where {@linkplain Attempt#used what it says that it used}, or {@linkplain Attempt#counted what was counted}, goes
     * beyond what was reserved, more is reserved along the way; where the budget has no more, the stream is cut.
     *
     * <p><b>Discard support:</b> the element that a stream is cut at is discarded.
     *
     * @see #govern
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final <A, T> Flux<T> governMany(
            Call<A> call,
            Function<? super Attempt<A>, ? extends Publisher<? extends T>> made,
            Fallback<T>... fallbacks) {
        Objects.requireNonNull(call, "call");
        Objects.requireNonNull(made, "made");
        List<Fallback<T>> declared = List.of(fallbacks);
        return Flux.defer(() -> new FluxRoute<A, T>(parts, call, made, declared, new Progress()).whole());
    }

    /**
     * The last calls, the one that ended first at the beginning; at most as many as {@link Builder#callLog} allows, of which
     * none is missing once it has ended. A call that runs is not among them. Each subscription is a call.
     *
     * @return a list of its own, which does not change
     */
    public List<CallRecord> callLog() {
        return parts.recorder().calls();
    }

    /** Collects the parts. Not thread-safe. */
    public static final class Builder {

        private @Nullable Debouncer debouncer;
        private @Nullable Function<? super Call<?>, ? extends Mono<Decision>> approval;
        private @Nullable Budget budget;
        private Function<? super Call<?>, Charge> charges = Builder::charge;
        private Deadline deadline = Deadline.standard();
        private boolean deadlineSet;
        private @Nullable ProviderRetry retry;
        private @Nullable CircuitBreakerRegistry breakers;
        private @Nullable CircuitBreakerConfig breakerConfig;
        private @Nullable ModelRateLimiter limiter;
        private Function<? super Call<?>, ? extends @Nullable PermitRequest> permits =
                call -> PermitRequest.of(call.key(), call.estimate());
        private FailureClassifier classifier = FailureClassifier.standard();
        private int logged = DEFAULT_CALL_LOG;
        private Function<? super Call<?>, String> arguments = ShownArguments::of;
        private @Nullable CallListener listener;
        private @Nullable Scheduler scheduler;
        private @Nullable InstantSource instantSource;

        private Builder() {}

        private static Charge charge(Call<?> call) {
            return call.estimate().equals(TokenEstimate.NONE) ? Charge.call() : Charge.of(call.key(), call.estimate());
        }

        /** Lets a call run only so often, by its name. */
        public Builder debouncer(Debouncer debouncer) {
            this.debouncer = Objects.requireNonNull(debouncer, "debouncer");
            return this;
        }

        /**
         * Who decides whether a call may be made: of each call, so it must approve at once what needs no approval. If it fails,
         * the call fails with that; if it ends without a decision, the call is declined.
         */
        public Builder approval(Function<? super Call<?>, ? extends Mono<Decision>> approval) {
            this.approval = Objects.requireNonNull(approval, "approval");
            return this;
        }

        /** What calls are charged to whose Context names no budget. */
        public Builder budget(Budget budget) {
            this.budget = Objects.requireNonNull(budget, "budget");
            return this;
        }

        /**
         * What a call may cost; default its estimate at the price of its model, and one call of no cost where it has no
         * estimate.
         */
        public Builder charges(Function<? super Call<?>, Charge> charges) {
            this.charges = Objects.requireNonNull(charges, "charges");
            return this;
        }

        /** How long an attempt and a whole call may take; default {@link Deadline#standard()}. Errors name the call. */
        public Builder deadline(Deadline deadline) {
            this.deadline = Objects.requireNonNull(deadline, "deadline");
            this.deadlineSet = true;
            return this;
        }

        /** How long an attempt and a whole call may take where {@link #deadline} was not said. */
        public Builder deadlineUnlessSet(Deadline deadline) {
            this.deadline = deadlineSet ? this.deadline : Objects.requireNonNull(deadline, "deadline");
            return this;
        }

        /** Repeats attempts that failed; default: none. */
        public Builder retry(ProviderRetry retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /** A circuit breaker for each name. */
        public Builder breakers(CircuitBreakerRegistry breakers) {
            this.breakers = Objects.requireNonNull(breakers, "breakers");
            return this;
        }

        /** A circuit breaker for each name, in a registry of this governor's own. */
        public Builder breakers(CircuitBreakerConfig config) {
            this.breakerConfig = Objects.requireNonNull(config, "config");
            this.breakers = null;
            return this;
        }

        /** Paces the attempts. Each call needs a profile, unless {@link #permits} says that it needs no permit. */
        public Builder limiter(ModelRateLimiter limiter) {
            this.limiter = Objects.requireNonNull(limiter, "limiter");
            return this;
        }

        /** What a call asks the limiter for, null for nothing; default its key and estimate, with the usual time-out. */
        public Builder permits(Function<? super Call<?>, ? extends @Nullable PermitRequest> permits) {
            this.permits = Objects.requireNonNull(permits, "permits");
            return this;
        }

        /** Changes what calls ask the limiter for, whatever says it. */
        public Builder permitsWith(UnaryOperator<PermitRequest> change) {
            Objects.requireNonNull(change, "change");
            Function<? super Call<?>, ? extends @Nullable PermitRequest> asked = permits;
            this.permits = call -> {
                PermitRequest request = asked.apply(call);
                return request == null ? null : change.apply(request);
            };
            return this;
        }

        /** What failures mean to fallbacks and outcomes; default {@link FailureClassifier#standard()}. */
        public Builder classifier(FailureClassifier classifier) {
            this.classifier = Objects.requireNonNull(classifier, "classifier");
            return this;
        }

        /**
         * How many calls {@link Governor#callLog} keeps, the last ones; default {@value #DEFAULT_CALL_LOG}, 0 for none.
         *
         * @throws IllegalArgumentException if it is not between 0 and a million
         */
        public Builder callLog(int calls) {
            if (calls < 0 || calls > LONGEST_CALL_LOG) {
                throw new IllegalArgumentException(
                        "callLog must be between 0 and " + LONGEST_CALL_LOG + " calls, was " + calls);
            }
            this.logged = calls;
            return this;
        }

        /**
         * What records show of the arguments of a call; asked when it ends, on the thread of its end. By default, of a model's
         * call only what kind of thing it is, because it is the prompt; of a {@linkplain Call#isTool() tool's} call, where its
         * arguments are a map, a list or JSON, the names and values, without those whose name says that they are secret or a
         * prompt, without what looks like a key, and at most 64 characters of each text.
         */
        public Builder shownArguments(Function<? super Call<?>, String> arguments) {
            this.arguments = Objects.requireNonNull(arguments, "arguments");
            return this;
        }

        /** Who hears of every call and attempt; default nobody. */
        public Builder listener(CallListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Where the instants of records come from; default the scheduler's own clock. */
        public Builder instantSource(InstantSource instantSource) {
            this.instantSource = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /**
         * Where the clock of the records, the standard deadline, that of the Context and a breaker of the governor's own live; default {@link
         * Schedulers#parallel()}, looked up at every use. Parts that are given keep theirs.
         */
        public Builder scheduler(Scheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * The governor.
         *
         * @throws IllegalArgumentException for {@link Schedulers#immediate()}, which cannot wait
         */
        public Governor build() {
            Deadline narrowing = onScheduler(Deadline.none()).totalFrom(Sluice::deadline);
            Parts parts = new Parts(
                    debouncer,
                    approval,
                    budget,
                    charges,
                    deadlineSet ? deadline : onScheduler(deadline),
                    narrowing,
                    retry,
                    breakers == null ? ownBreakers() : breakers,
                    limiter,
                    permits,
                    classifier,
                    new CallRecorder(logged, listener, arguments, TimeSource.of(scheduler, instantSource)));
            return new Governor(parts, deadlineSet, scheduler);
        }

        private Deadline onScheduler(Deadline bare) {
            return scheduler == null ? bare : bare.scheduler(scheduler);
        }

        private @Nullable CircuitBreakerRegistry ownBreakers() {
            if (breakerConfig == null) {
                return null;
            }
            CircuitBreakerRegistry.Builder own =
                    CircuitBreakerRegistry.builder().config(breakerConfig);
            return (scheduler == null ? own : own.scheduler(scheduler)).build();
        }
    }
}
