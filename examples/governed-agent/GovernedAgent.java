import io.sluice.breaker.CircuitBreakerConfig;
import io.sluice.budget.Budget;
import io.sluice.budget.BudgetLimits;
import io.sluice.call.Call;
import io.sluice.call.CallEnding;
import io.sluice.call.CallListener;
import io.sluice.call.CallRecord;
import io.sluice.call.Sluice;
import io.sluice.deadline.Deadline;
import io.sluice.debounce.Debouncer;
import io.sluice.failure.Backoff;
import io.sluice.governor.Attempt;
import io.sluice.governor.Fallback;
import io.sluice.governor.Governor;
import io.sluice.governor.Outcome;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.RequestTokens;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import io.sluice.simulator.Fault;
import io.sluice.simulator.Latency;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.Occasion;
import io.sluice.simulator.SimulatedTransport;
import io.sluice.simulator.Simulator;
import io.sluice.tokens.TokenEstimator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * An agent with three tools, one flaky, one slow and one that storms, which delegates to a second agent with a part of its
 * budget. All that either does goes through one governor, and a timeline tells what that did about it, and why. The model is
 * the simulator's, so that nothing is sent anywhere.
 */
public final class GovernedAgent {

    private static final String MODEL = "gpt-sim";

    /** What the run must show, in the order in which calls end; a run that shows anything else is an error. */
    private static final List<String> EXPECTED = List.of(
            "plan COMPLETED",
            "weather COMPLETED",
            "archive FELL_BACK",
            "archive FELL_BACK",
            "notify COMPLETED",
            "draft COMPLETED",
            "details BUDGET_EXCEEDED",
            "more BUDGET_EXCEEDED",
            "summary COMPLETED");

    private final Consumer<String> out;
    private long began;
    private final List<String> ended = new CopyOnWriteArrayList<>();

    private final Budget run = Budget.root("run").tokens(1_000).build();
    private final Budget delegated = run.child("researcher", BudgetLimits.none().tokens(150));

    private final SimulatedTransport provider = Simulator.builder()
            .model(MODEL, ModelLimits.of(60, 100_000))
            .latency(Latency.fixed(Duration.ofMillis(150)))
            .streamGap(Duration.ofMillis(2))
            .replyTokens(80, 80)
            .seed(7)
            .fault(Fault.rateLimited(Duration.ofSeconds(1)), Occasion.nth(1))
            .build()
            .transport();

    private final OpenAiAdapter model =
            OpenAiAdapter.builder().baseUrl(provider.baseUrl()).transport(provider).build();

    /** Tools need no permit, must answer within half a second, and one of them may run only every five minutes. */
    private final Governor tools = common()
            .debouncer(Debouncer.builder()
                    .cooldown(Duration.ZERO)
                    .cooldown("notify", Duration.ofMinutes(5))
                    .unlimitedPerHour()
                    .build())
            .deadline(Deadline.standard().withAttempt(Duration.ofMillis(500)))
            .build();

    /** Models are paced, and have the usual deadlines. */
    private final Governor models = common()
            .limiter(ModelRateLimiter.builder()
                    .profiles(RateLimitProfiles.none()
                            .with(RateLimitProfile.builder("openai", MODEL)
                                    .rpm(60)
                                    .tpm(100_000)
                                    .build()))
                    .build())
            .build();

    private Governor.Builder common() {
        Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1), 0);
        return Governor.builder()
                .budget(run)
                .retry(ProviderRetry.attempts(3).backoff(backoff))
                .breakers(CircuitBreakerConfig.DEFAULT)
                .listener(new Timeline());
    }

    private GovernedAgent(Consumer<String> out) {
        this.out = out;
    }

    public static void main(String[] arguments) {
        run(System.out::println);
    }

    /**
     * Runs the agent and tells its timeline.
     *
     * @throws IllegalStateException if anything happened that must not
     */
    public static void run(Consumer<String> out) {
        new GovernedAgent(out).agent().block(Duration.ofSeconds(30));
    }

    // ---- the agent ----

    private Mono<Void> agent() {
        began = now();
        out.accept("  time    left  agent       call     what happened");
        return ask("planner", "plan", "Plan a trip to Lisbon.")
                .then(weather())
                .then(archive())
                .then(archive())
                .then(storm())
                .then(Mono.defer(this::research).contextWrite(Sluice.budget(delegated)))
                .then(ask("planner", "summary", "Sum it all up."))
                .then(Mono.fromRunnable(this::check));
    }

    /** Fails twice, for no reason that anybody would tell. */
    private Mono<String> weather() {
        AtomicInteger calls = new AtomicInteger();
        return tools.govern(
                Call.tool("weather", Map.of("city", "Lisbon")).requester("planner"),
                attempt -> calls.incrementAndGet() < 3
                        ? Mono.error(new IOException("connection reset"))
                        : Mono.just("sunny"));
    }

    /** Never answers. After three attempts its breaker is open, and the second call does not even try. */
    private Mono<String> archive() {
        return tools.govern(
                Call.tool("archive", Map.of("query", "Lisbon", "apiKey", "not for the log"))
                        .requester("planner"),
                attempt -> Mono.never(),
                Fallback.of("last year's copy", failure -> Mono.just("old news")));
    }

    /** Ten triggers at once. */
    private Mono<Void> storm() {
        Call<Map<String, String>> call =
                Call.tool("notify", Map.of("channel", "travel")).requester("planner");
        return Flux.range(0, 10)
                .flatMap(n -> tools.outcome(call, attempt -> Mono.just("told")))
                .filter(Outcome.Debounced.class::isInstance)
                .count()
                .doOnNext(denied -> line(
                        "planner", "notify", denied + " more triggers at the same time were denied: its cooldown runs"))
                .then();
    }

    // ---- the agent that it delegates to ----

    private Mono<Void> research() {
        line("researcher", "", "begins, with a budget of " + delegated.limits().tokens() + " tokens out of that of the run");
        return ask("researcher", "draft", "Where to stay in Lisbon?")
                .then(stream("researcher", "details", "Tell me everything about each of them."))
                .onErrorResume(cut -> Mono.empty())
                .then(ask("researcher", "more", "And what else?"))
                .onErrorResume(refused -> Mono.empty())
                .then();
    }

    // ---- calls of the model ----

    private Mono<LlmResponse> ask(String agent, String name, String prompt) {
        LlmRequest request = LlmRequest.builder(MODEL).user(prompt).maxOutput(100).build();
        return models.govern(
                call(agent, name, request),
                attempt -> model.execute(attempt.arguments()).doOnNext(answer -> attempt.used(answer.usage())));
    }

    /** Asks for less than it takes; each piece of the answer is one token. */
    private Mono<Long> stream(String agent, String name, String prompt) {
        LlmRequest request = LlmRequest.builder(MODEL).user(prompt).build();
        Call<LlmRequest> call = call(agent, name, request).estimate(TokenEstimate.of(10, 20));
        return models.<LlmRequest, LlmChunk>governMany(call, this::pieces)
                .count();
    }

    private Flux<LlmChunk> pieces(Attempt<LlmRequest> attempt) {
        return model.stream(attempt.arguments()).doOnNext(piece -> attempt.counted(1));
    }

    private Call<LlmRequest> call(String agent, String name, LlmRequest request) {
        ModelKey key = model.key(request);
        return Call.of(key, request, RequestTokens.estimate(request, TokenEstimator.characters()))
                .named(name)
                .requester(agent);
    }

    // ---- the timeline ----

    private final class Timeline implements CallListener {

        @Override
        public void attemptFailed(long id, Call<?> call, int attempt, Throwable failure) {
            line(call.requester(), call.name(), "attempt " + attempt + " failed: " + words(failure.getMessage()));
        }

        @Override
        public void ended(CallRecord call) {
            if (call.ending() == CallEnding.DEBOUNCED) {
                return;
            }
            ended.add(call.call() + " " + call.ending());
            String how = call.ending().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            String why = call.reason() == null ? "" : ": " + words(call.reason());
            String attempts = call.attempts() == 1 ? "1 attempt" : call.attempts() + " attempts";
            line(call.requester(), call.call(), how + " after " + attempts + why);
        }
    }

    /** The first words of a message, without its numbers of this run and its advice. */
    private static String words(String message) {
        return message.split(" \\(|; |\\. ")[0];
    }

    private static long now() {
        return Schedulers.parallel().now(TimeUnit.MILLISECONDS);
    }

    private void line(String agent, String call, String what) {
        Budget budget = agent.equals("researcher") ? delegated : run;
        out.accept(String.format(
                Locale.ROOT,
                "%4.1f s  %6d  %-10s  %-7s  %s",
                (now() - began) / 1_000.0,
                budget.snapshot().freeTokens(),
                agent,
                call,
                what));
    }

    // ---- what must be true at the end ----

    private void check() {
        line("planner", "", "done, with " + run.snapshot().spent().tokens() + " tokens, of which the researcher spent "
                + delegated.snapshot().spent().tokens());
        require(ended.equals(EXPECTED), "the calls ended otherwise: " + ended);
        require(run.snapshot().openReservations() == 0, "a reservation is open: " + run.snapshot());
        require(delegated.snapshot().overdraft().tokens() <= 1, "the researcher overdrew: " + delegated.snapshot());
        require(tools.callLog().size() + models.callLog().size() == EXPECTED.size() + 9, "a call is missing in the log");
        require(!tools.callLog().toString().contains("not for the log"), "a secret is in the log");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
