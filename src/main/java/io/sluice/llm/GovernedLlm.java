package io.sluice.llm;

import io.sluice.budget.CallPrice;
import io.sluice.call.Call;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.governor.Attempt;
import io.sluice.governor.Fallback;
import io.sluice.governor.Governor;
import io.sluice.governor.Outcome;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.tokens.TokenEstimator;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * An adapter whose calls are governed: paced, retried, charged and bounded in time by one {@link Governor}, which may stand
 * in front of any number of adapters. What was used is settled with the limiter and the budget.
 *
 * <pre>{@code
 * LlmAdapter llm = new GovernedLlm(openai, governor).prices(prices).fallback(anthropic, "claude-haiku-4-5");
 * llm.execute(LlmRequest.builder("gpt-5-mini").user("hello").deadline(Duration.ofMinutes(2)).build())
 * }</pre>
 *
 * <p><b>Defaults.</b> Where the governor's deadline was not set, an attempt at a whole answer may take {@link #ATTEMPT}, and a
 * call {@link #TOTAL} in total; a stream is bounded by its first element and its gaps, as in {@link Deadline#standard()}.
 * Permits that name no skew are asked for with {@link PermitRequest#NETWORK_SKEW}.
 *
 * <p><b>Streams</b> that are cut off or cancelled cost what the provider said until then, and by the estimator what was said
 * after that; before the first piece, what was reserved.
 *
 * <p><b>Deadline and budget</b> of a {@linkplain LlmRequest#call() request} hold for its fallbacks too. Threads and virtual
 * time are those of the governor. Immutable and thread-safe: each wither returns a new one.
 */
public final class GovernedLlm implements LlmAdapter {

    /** How long an attempt at a whole answer may take unless the governor says otherwise. */
    public static final Duration ATTEMPT = Duration.ofMinutes(10);

    /** How long a call may take, with its attempts and waits, unless the governor says otherwise. */
    public static final Duration TOTAL = Duration.ofMinutes(30);

    private final LlmAdapter adapter;
    private final Governor wholes;
    private final Governor streams;
    private final TokenEstimator estimator;
    private final CallPrice prices;
    private final List<Alternative> alternatives;

    /**
     * Who is asked instead.
     *
     * @param model the model there; null for the one that was asked for
     */
    private record Alternative(LlmAdapter adapter, @Nullable String model) {

        LlmRequest of(LlmRequest request) {
            return model == null ? request : request.toBuilder().model(model).build();
        }

        String name(LlmRequest request) {
            return adapter.key(of(request)).toString();
        }
    }

    /**
     * @param adapter makes the calls; not governed itself
     * @param governor what governs them
     */
    public GovernedLlm(LlmAdapter adapter, Governor governor) {
        this(
                Objects.requireNonNull(adapter, "adapter"),
                governed(governor, Deadline.standard().withAttempt(ATTEMPT).total(TOTAL)),
                governed(governor, Deadline.standard().total(TOTAL)),
                TokenEstimator.characters(),
                CallPrice.UNKNOWN,
                List.of());
    }

    private GovernedLlm(
            LlmAdapter adapter,
            Governor wholes,
            Governor streams,
            TokenEstimator estimator,
            CallPrice prices,
            List<Alternative> alternatives) {
        this.adapter = adapter;
        this.wholes = wholes;
        this.streams = streams;
        this.estimator = estimator;
        this.prices = prices;
        this.alternatives = List.copyOf(alternatives);
    }

    private static Governor governed(Governor governor, Deadline deadline) {
        return governor.toBuilder()
                .deadlineUnlessSet(deadline)
                .permitsWith(permit -> permit.skew().isZero() ? permit.skew(PermitRequest.NETWORK_SKEW) : permit)
                .build();
    }

    /** What the tokens of a request are estimated by; default {@link TokenEstimator#characters()}. */
    public GovernedLlm estimator(TokenEstimator estimator) {
        return new GovernedLlm(
                adapter, wholes, streams, Objects.requireNonNull(estimator, "estimator"), prices, alternatives);
    }

    /**
     * What a call cost, where the provider does not say it; default {@link CallPrice#UNKNOWN}. It is told with the answer; what
     * budgets count is by the prices of the budget.
     */
    public GovernedLlm prices(CallPrice prices) {
        return new GovernedLlm(
                adapter, wholes, streams, estimator, Objects.requireNonNull(prices, "prices"), alternatives);
    }

    /**
     * Who is asked if the call fails with what allows a fallback, and those before this one too; of a stream before its first
     * piece only. An adapter that is not governed is governed as this one is.
     *
     * @param other makes the calls instead
     * @param model the model there
     * @throws IllegalArgumentException if the model is blank
     */
    public GovernedLlm fallback(LlmAdapter other, String model) {
        if (model.isBlank()) {
            throw new IllegalArgumentException("the model of a fallback must not be blank");
        }
        return with(new Alternative(likeThis(other), model));
    }

    /** As {@link #fallback(LlmAdapter, String)}, with the model that was asked for. */
    public GovernedLlm fallback(LlmAdapter other) {
        return with(new Alternative(likeThis(other), null));
    }

    private LlmAdapter likeThis(LlmAdapter other) {
        Objects.requireNonNull(other, "other");
        return other instanceof GovernedLlm
                ? other
                : new GovernedLlm(other, wholes, streams, estimator, prices, List.of());
    }

    private GovernedLlm with(Alternative more) {
        List<Alternative> all = new ArrayList<>(alternatives);
        all.add(more);
        return new GovernedLlm(adapter, wholes, streams, estimator, prices, all);
    }

    @Override
    public String provider() {
        return adapter.provider();
    }

    @Override
    public ModelKey key(LlmRequest request) {
        return adapter.key(request);
    }

    /**
     * As {@link LlmAdapter#execute} says, governed. Errors beside those of the adapter are the governor's.
     */
    @Override
    public Mono<LlmResponse> execute(LlmRequest request) {
        return wholes.<LlmRequest, LlmResponse>govern(
                        call(request), this::whole, fallbacks(request, LlmAdapter::execute))
                .contextWrite(context -> written(request, context));
    }

    /** The same call, with how it ended as a value. */
    public Mono<Outcome<LlmResponse>> outcome(LlmRequest request) {
        return wholes.<LlmRequest, LlmResponse>outcome(
                        call(request), this::whole, fallbacks(request, LlmAdapter::execute))
                .contextWrite(context -> written(request, context));
    }

    /**
     * As {@link LlmAdapter#stream} says, governed. It is repeated, and a fallback takes its place, before its first piece only.
     */
    @Override
    public Flux<LlmChunk> stream(LlmRequest request) {
        return streams.<LlmRequest, LlmChunk>governMany(
                        call(request), this::pieces, fallbacks(request, LlmAdapter::stream))
                .contextWrite(context -> written(request, context));
    }

    private Call<LlmRequest> call(LlmRequest request) {
        return Call.of(adapter.key(request), request, RequestTokens.estimate(request, estimator));
    }

    private Mono<LlmResponse> whole(Attempt<LlmRequest> attempt) {
        LlmRequest request = attempt.arguments();
        return adapter.execute(request).map(response -> {
            attempt.used(response.usage());
            return response.cost() == null ? response.withCost(cost(request, response.usage())) : response;
        });
    }

    private Flux<LlmChunk> pieces(Attempt<LlmRequest> attempt) {
        LlmRequest request = attempt.arguments();
        StreamedUsage used = new StreamedUsage(attempt.call().estimate().input(), estimator);
        return adapter.stream(request)
                .map(piece -> {
                    attempt.used(used.after(piece));
                    TokenUsage stated = piece.usage();
                    return piece.cost() == null && stated != null ? piece.withCost(cost(request, stated)) : piece;
                })
                .doOnError(failure -> {
                    TokenUsage total = used.after(failure);
                    if (total != null) {
                        attempt.used(total);
                    }
                });
    }

    private @Nullable Money cost(LlmRequest request, TokenUsage usage) {
        if (prices == CallPrice.UNKNOWN || !usage.hasInput() || !usage.hasOutput()) {
            return null;
        }
        BigDecimal dollars = prices.usd(adapter.key(request), usage);
        return dollars == null ? null : Money.roundedHalfEven(dollars);
    }

    /** The governor tells which of them is taken, by its name. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    private <T> Fallback<T>[] fallbacks(
            LlmRequest request, BiFunction<LlmAdapter, LlmRequest, ? extends Publisher<T>> asks) {
        Fallback<T>[] fallbacks = new Fallback[alternatives.size()];
        for (int i = 0; i < fallbacks.length; i++) {
            Alternative instead = alternatives.get(i);
            fallbacks[i] =
                    Fallback.of(instead.name(request), failure -> asks.apply(instead.adapter(), instead.of(request)));
        }
        return fallbacks;
    }

    /** What the request says, where that does not widen what is said around it. */
    private static Context written(LlmRequest request, Context around) {
        Context written = request.call().apply(around);
        Duration narrower = Sluice.deadline(around);
        Duration said = Sluice.deadline(written);
        return narrower == null || said == null || said.compareTo(narrower) <= 0
                ? written
                : Sluice.deadline(narrower).apply(written);
    }

    @Override
    public String toString() {
        return "GovernedLlm[" + adapter + (alternatives.isEmpty() ? "" : ", fallbacks=" + alternatives.size()) + "]";
    }
}
