package io.sluice.batch;

import io.sluice.failure.FailureClassifier;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.RequestTokens;
import io.sluice.model.ModelKey;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.retry.ProviderRetry;
import io.sluice.tokens.TokenEstimator;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Pushes the lines of an input through a limiter to an adapter.
 *
 * <pre>
 * input ──► line ──► [permit] ──► call ──► result      at most {@code inFlight} lines between input and result,
 *             │                                          and of large ones fewer: 1/16 of the heap in bytes
 *             └── cannot be read, too large, refused: a result with an error
 * </pre>
 *
 * Results come as lines are done, not in the order of the input. Each line has exactly one. Thread-safe; a batch may be run
 * once.
 */
public final class Batch {

    /** How long one line may wait for its permit: as good as for ever, because waiting is what a batch is for. */
    private static final Duration PATIENCE = Duration.ofDays(7);

    private static final Duration FORCE_EVERY = Duration.ofSeconds(1);

    private final LlmAdapter adapter;
    private final ModelRateLimiter limiter;
    private final TokenEstimator estimator;
    private final TaskReader reader;
    private final int inFlight;
    private final ProviderRetry retry;
    private volatile boolean finished;
    private final Sinks.Empty<Void> finishing = Sinks.empty();

    private Batch(Builder builder, LlmAdapter adapter, ModelRateLimiter limiter) {
        this.adapter = adapter;
        this.limiter = limiter;
        this.estimator = builder.estimator;
        this.reader = new TaskReader(builder.model);
        this.inFlight = builder.inFlight;
        this.retry = builder.retry;
    }

    /** Begins a batch; it needs an adapter and a limiter. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Works through the input. Whatever happens to a line is a result; the flux fails only where the input cannot be read
     * further, after the results of all lines before that.
     *
     * <p>Lines are read on a thread that may block; results come on the threads of limiter and adapter, one at a time. A
     * consumer that is slow holds up the reading. Cancelling cancels the calls in flight.
     *
     * @return the results, or the {@link IOException} of the input
     */
    public Flux<BatchResult> run(BatchInput input) {
        return run(input, (task, line) -> false);
    }

    private Flux<BatchResult> run(BatchInput input, BiPredicate<Fingerprint, BatchLine> done) {
        return Flux.defer(() -> {
            FingerprintTable seen = new FingerprintTable();
            ByteBudget budget = ByteBudget.ofHeap();
            return input.lines(budget)
                    .takeUntilOther(finishing.asMono())
                    .flatMapDelayError(
                            line -> result(line, seen, done).doFinally(end -> budget.giveBack(line.length())),
                            inFlight,
                            1);
        });
    }

    /**
     * Works through the input and writes each result, on a thread that may block: first it is in the file, then in the
     * tally. Lines whose result is in the file from an earlier run are passed over. The file is forced to the disk once a second. It is not closed.
     *
     * @return the numbers of all results in the tally, or the {@link IOException} of input or results
     */
    public Mono<BatchSummary> run(BatchInput input, ResultFile results, BatchTally tally) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> over = Sinks.empty();
            Flux<Void> writing = run(input, (fingerprint, line) -> isDone(fingerprint, line, results, tally))
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

    private static boolean isDone(Fingerprint fingerprint, BatchLine line, ResultFile results, BatchTally tally) {
        boolean done = results.isDone(fingerprint);
        if (done) {
            tally.skip(line.length(), results.isFailed(fingerprint));
        }
        return done;
    }

    /**
     * Takes no more lines, and gives up those that wait for a permit or another attempt: they have no result. What was sent is finished, and
     * then {@link #run} completes. Returns at once; calls after the first do nothing.
     */
    public void finish() {
        finished = true;
        finishing.tryEmitEmpty();
    }

    /** By one thread at a time, in the order of the lines. */
    private Mono<BatchResult> result(BatchLine line, FingerprintTable seen, BiPredicate<Fingerprint, BatchLine> done) {
        BatchTask task = reader.read(line);
        int occurrence = seen.increment(task.fingerprint());
        if (done.test(task.fingerprint().occurrence(occurrence), line)) {
            return Mono.empty();
        }
        LineOfWork work = new LineOfWork(task, line.number(), line.length(), occurrence);
        LlmRequest request = task.request();
        if (request == null) {
            String fault = Objects.requireNonNullElse(task.fault(), "not understood");
            return Mono.just(work.failed(null, new Attempts(), BatchError.ofLine(fault)));
        }
        return Mono.defer(() -> answer(work, request));
    }

    private Mono<BatchResult> answer(LineOfWork work, LlmRequest request) {
        Attempts attempts = new Attempts();
        ModelKey key = adapter.key(request);
        PermitRequest asked = PermitRequest.of(key, RequestTokens.estimate(request, estimator))
                .timeout(PATIENCE);
        Mono<LlmResponse> attempt = limiter.withPermit(asked, permit -> {
                    if (!attempts.send(permit)) {
                        permit.abandon();
                        return Mono.<LlmResponse>empty();
                    }
                    return adapter.execute(request).doOnNext(answer -> permit.succeeded(answer.usage()));
                })
                .doOnError(attempts::failed)
                .onErrorResume(this::isNotRepeated, error -> Mono.empty());
        return retry.protect(attempt)
                .takeUntilOther(
                        finishing.asMono().then(Mono.defer(() -> attempts.giveUp() ? Mono.just(true) : Mono.never())))
                .map(answer -> work.answered(key, attempts, answer))
                .onErrorResume(error -> Mono.just(work.failed(key, attempts, BatchError.of(error))));
    }

    /** What fails while the batch is being finished, and would be sent again, is left for another run. */
    private boolean isNotRepeated(Throwable error) {
        return finished && FailureClassifier.classify(error).retryable();
    }

    /** Settings of a batch; not thread-safe. */
    public static final class Builder {

        private @Nullable LlmAdapter adapter;
        private @Nullable ModelRateLimiter limiter;
        private TokenEstimator estimator = TokenEstimator.characters();
        private @Nullable String model;
        private int inFlight = 256;
        private ProviderRetry retry = ProviderRetry.attempts(1);

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

        /** What the input of a call is estimated by; {@link TokenEstimator#characters()} where nothing is said. */
        public Builder estimator(TokenEstimator estimator) {
            this.estimator = Objects.requireNonNull(estimator, "estimator");
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
         * How a line is sent again after a failure, each time with a permit of its own; default: not at all.
         */
        public Builder retry(ProviderRetry retry) {
            this.retry = Objects.requireNonNull(retry, "retry");
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
