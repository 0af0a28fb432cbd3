package io.sluice.batch;

import io.sluice.budget.Budget;
import io.sluice.budget.BudgetExceededException;
import io.sluice.budget.Charge;
import io.sluice.failure.FailureClassifier;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.RequestTokens;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.Permit;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.retry.ProviderRetry;
import io.sluice.tokens.TokenEstimator;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Pushes the lines of an input through a limiter to an adapter.
 *
 * <pre>
 * input ──► line ──► [permit] ──► call ──► result      at most {@code inFlight} lines between input and result
 *             │          ▲           └── fails in a way that can pass: after a while, again
 *             │          └───────────────┘
 *             └── cannot be read, too large, fails for good: a result with an error
 * </pre>
 *
 * Results come as lines are done, not in the order of the input. Each line has exactly one. Thread-safe; a batch may be run
 * once.
 *
 * <p><b>Which result is whose.</b> A line goes by its {@code custom_id}, one without by a digest of its bytes, and lines that
 * share one by their order. Of each line that was read some 40 bytes are kept for that.
 */
public final class Batch {

    /** How many requests are sent for a line at most, unless something else is set. */
    public static final int DEFAULT_ATTEMPTS = 3;

    /** How long one line may wait: as good as for ever, because waiting is what a batch is for. */
    public static final Duration PATIENCE = Duration.ofDays(7);

    private static final Duration FORCE_EVERY = Duration.ofSeconds(1);

    private final LlmAdapter adapter;
    private final ModelRateLimiter limiter;
    private final TokenEstimator estimator;
    private final ProviderRetry retry;
    private final FailureClassifier classifier;
    private final @Nullable String model;
    private final int inFlight;
    private final @Nullable BatchBudget budget;
    private final Sinks.Empty<Void> finishing = Sinks.empty();

    private Batch(Builder builder, LlmAdapter adapter, ModelRateLimiter limiter) {
        this.adapter = adapter;
        this.limiter = limiter;
        this.estimator = builder.estimator;
        this.retry = builder.retry;
        this.classifier = builder.classifier;
        this.model = builder.model;
        this.inFlight = builder.inFlight;
        Budget limit = builder.budget;
        this.budget = limit == null ? null : new BatchBudget(limit, this::finish);
    }

    /** Begins a batch; it needs an adapter and a limiter. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Works through the input. Whatever happens to a line is a result; the flux fails only where the input cannot be read
     * further, after the results of all lines before that.
     *
     * <p>Lines are read on a thread that may block; results come on the threads of limiter, adapter and retry, one at a
     * time. A consumer that is slow holds up the reading. Cancelling cancels the calls in flight.
     *
     * @return the results, or the {@link IOException} of the input
     */
    public Flux<BatchResult> run(BatchInput input) {
        return results(input, new EarlierResults(), new BatchTally());
    }

    /**
     * Works through those lines of the input that have no result in the file yet, and writes each result, on a thread that
     * may block: first it is in the file, then in the tally. The file is forced to the disk once a second. It is not closed.
     *
     * @return the numbers of all results in the tally, or the {@link IOException} of input or results
     */
    public Mono<BatchSummary> run(BatchInput input, ResultFile results, BatchTally tally) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            Flux<Void> writing = results(input, results.earlier(), tally)
                    .publishOn(Schedulers.boundedElastic())
                    .<Void>handle((result, sink) -> {
                        try {
                            results.append(result);
                            tally.add(result);
                        } catch (IOException lost) {
                            sink.error(lost);
                        }
                    })
                    .doFinally(signal -> over.tryEmitEmpty());
            Flux<Void> forcing = Flux.interval(FORCE_EVERY, Schedulers.boundedElastic())
                    .onBackpressureDrop()
                    .takeUntilOther(over.asMono())
                    .handle((second, sink) -> {
                        try {
                            results.force();
                        } catch (IOException refused) {
                            sink.error(refused);
                        }
                    });
            return Flux.merge(writing, forcing).then(Mono.fromSupplier(tally::summary));
        });
    }

    /**
     * Takes no more lines, and gives up those that wait for a permit or for another attempt: they have no result. What was
     * sent is finished, but not sent again, and then {@link #run} completes. Returns at once; calls after the first do
     * nothing.
     */
    public void finish() {
        finishing.tryEmitEmpty();
    }

    /**
     * What did not fit when the budget was used up, so that the batch {@linkplain #finish finished} early and the lines that
     * were left have no result; null where that has not happened.
     */
    public @Nullable BudgetExceededException outOfBudget() {
        return budget == null ? null : budget.refusal();
    }

    private Flux<BatchResult> results(BatchInput input, EarlierResults earlier, BatchTally tally) {
        return Flux.defer(() -> {
            TaskReader reader = new TaskReader(model);
            ByteBudget budget = ByteBudget.ofHeap();
            return input.lines(budget)
                    .takeUntilOther(finishing.asMono())
                    .<BatchTask>handle((line, sink) -> {
                        BatchTask task = reader.read(line);
                        if (earlier.hasAnswer(task) || earlier.hasError(task)) {
                            budget.giveBack(line.length());
                            tally.skip(task, earlier.hasError(task));
                        } else {
                            sink.next(task);
                        }
                    })
                    .flatMapDelayError(
                            task -> result(task, tally).doFinally(end -> budget.giveBack(task.length())), inFlight, 1);
        });
    }

    private Mono<BatchResult> result(BatchTask task, BatchTally tally) {
        LlmRequest request = task.request();
        if (request == null) {
            BatchError fault = BatchError.ofLine(Objects.requireNonNullElse(task.fault(), "not understood"));
            return Mono.just(failed(task, null, new Attempts(), fault));
        }
        return Mono.defer(() -> answer(task, request, tally));
    }

    private Mono<BatchResult> answer(BatchTask task, LlmRequest request, BatchTally tally) {
        Attempts attempts = new Attempts();
        ModelKey key = adapter.key(request);
        PermitRequest asked = PermitRequest.of(key, RequestTokens.estimate(request, estimator))
                .timeout(PATIENCE)
                .skew(PermitRequest.NETWORK_SKEW);
        return charged(key, asked, limiter.withPermit(asked, permit -> sent(request, permit, attempts)), attempts)
                .transform(retry::protect)
                .map(answer -> answered(task, key, attempts, answer))
                .onErrorResume(error -> Mono.just(failed(task, key, attempts, BatchError.of(error, classifier))))
                .doOnNext(result -> attempts.over())
                .takeUntilOther(finishing.asMono().then(Mono.defer(attempts::giveUp)))
                .doOnTerminate(() -> {
                    if (attempts.isGivenUp()) {
                        tally.giveUp(key, attempts);
                    }
                });
    }

    /** Each attempt is charged for itself: one that failed may have cost something. */
    private Mono<LlmResponse> charged(ModelKey key, PermitRequest asked, Mono<LlmResponse> request, Attempts attempts) {
        return budget == null
                ? request
                : budget.charge(Charge.of(key, asked.estimate()), request, LlmResponse::usage, attempts::isSent);
    }

    private Mono<LlmResponse> sent(LlmRequest request, Permit permit, Attempts attempts) {
        int number = attempts.send(permit);
        if (number == 0) {
            permit.abandon();
            return Mono.empty();
        }
        return adapter.execute(request)
                .doOnNext(answer -> permit.succeeded(answer.usage()))
                .doOnError(attempts::failed)
                // By then the retry has decided: the error is the line's result already, or there will be another
                // attempts.
                .doAfterTerminate(() -> attempts.after(number));
    }

    private static BatchResult answered(BatchTask task, ModelKey key, Attempts attempts, LlmResponse answer) {
        return new BatchResult(
                task.id(),
                task.occurrence(),
                task.line(),
                task.length(),
                key,
                answer.raw(),
                answer.usage(),
                attempts.requests(),
                attempts.tooManyRequests(),
                attempts.waited(),
                null);
    }

    private static BatchResult failed(BatchTask task, @Nullable ModelKey key, Attempts attempts, BatchError error) {
        return new BatchResult(
                task.id(),
                task.occurrence(),
                task.line(),
                task.length(),
                key,
                null,
                TokenUsage.UNKNOWN,
                attempts.requests(),
                attempts.tooManyRequests(),
                attempts.waited(),
                error);
    }

    /** Settings of a batch; not thread-safe. */
    public static final class Builder {

        private @Nullable LlmAdapter adapter;
        private @Nullable ModelRateLimiter limiter;
        private TokenEstimator estimator = TokenEstimator.characters();
        private ProviderRetry retry = ProviderRetry.attempts(DEFAULT_ATTEMPTS)
                .total(PATIENCE)
                .classifier(FailureClassifier.standard().maxWait(PATIENCE));
        private FailureClassifier classifier = FailureClassifier.standard();
        private @Nullable String model;
        private int inFlight = 256;
        private @Nullable Budget budget;

        private Builder() {}

        /** Who is called. */
        public Builder adapter(LlmAdapter adapter) {
            this.adapter = Objects.requireNonNull(adapter, "adapter");
            return this;
        }

        /** What paces the calls; it may be shared with others, and is not disposed of. */
        public Builder limiter(ModelRateLimiter limiter) {
            this.limiter = Objects.requireNonNull(limiter, "limiter");
            return this;
        }

        /**
         * What the batch may spend; without it, there is no limit. Every request is reserved with its estimate before it waits
         * for a permit, and charged with what it used. One that does not fit waits for those in flight; where it does not fit
         * even so, the batch takes no more lines, finishes what was sent, and ends: {@link Batch#outOfBudget()}. A budget in
         * money needs the prices of all models; a line with another is an error. It may be shared with others, and is not
         * disposed of.
         */
        public Builder budget(Budget budget) {
            this.budget = Objects.requireNonNull(budget, "budget");
            return this;
        }

        /** What the input of a call is estimated by; {@link TokenEstimator#characters()} where nothing is said. */
        public Builder estimator(TokenEstimator estimator) {
            this.estimator = Objects.requireNonNull(estimator, "estimator");
            return this;
        }

        /**
         * How failures are repeated; where nothing is said, {@value Batch#DEFAULT_ATTEMPTS} attempts within {@link
         * Batch#PATIENCE}. Each attempt waits for a permit of its own. A {@linkplain ProviderRetry#total total} must leave
         * room for these waits.
         */
        public Builder retry(ProviderRetry retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
            return this;
        }

        /**
         * What the failures of lines mean, for their results; {@link FailureClassifier#standard()} where nothing is said.
         * Limiter and retry have classifiers of their own.
         */
        public Builder classifier(FailureClassifier classifier) {
            this.classifier = Objects.requireNonNull(classifier, "classifier");
            return this;
        }

        /**
         * The model of lines that name none; without it, such a line is an error.
         *
         * @throws IllegalArgumentException if it is blank or a wildcard
         */
        public Builder model(String model) {
            if (model.isBlank() || model.strip().equals(ModelKey.WILDCARD)) {
                throw new IllegalArgumentException("model must be the name of a model, was \"" + model + "\"");
            }
            this.model = model;
            return this;
        }

        /**
         * How many lines are worked on at once, those that wait for a permit included; 256 where nothing is said. Each is
         * kept in memory, and so is its answer.
         *
         * @throws IllegalArgumentException if it is not between 1 and 100,000
         */
        public Builder inFlight(int lines) {
            if (lines < 1 || lines > 100_000) {
                throw new IllegalArgumentException("inFlight must be between 1 and 100,000, was " + lines);
            }
            this.inFlight = lines;
            return this;
        }

        /**
         * @throws IllegalStateException if the adapter or the limiter is missing
         */
        public Batch build() {
            if (adapter == null || limiter == null) {
                throw new IllegalStateException(
                        "a batch needs an adapter and a limiter; call adapter(..) and limiter(..)");
            }
            return new Batch(this, adapter, limiter);
        }
    }
}
