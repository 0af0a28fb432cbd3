package io.sluice.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.budget.Budget;
import io.sluice.budget.CallPrice;
import io.sluice.governor.Governor;
import io.sluice.llm.anthropic.AnthropicAdapter;
import io.sluice.llm.google.GeminiAdapter;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.llm.openrouter.OpenRouterAdapter;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.retry.ProviderRetry;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.transport.NettyTransport;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** One governor, one limiter and one budget in front of four providers, each with its own protocol and limits. */
class FourProvidersTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final NettyTransport TRANSPORT =
            NettyTransport.builder().maxConnections(16).build();
    private static RunningSimulator simulator;

    private final ScriptedServer google = new ScriptedServer();
    private final ScriptedServer router = new ScriptedServer();

    private final Budget budget = Budget.root("run")
            .tokens(100_000)
            .usd("5.00")
            .prices((model, usage) -> BigDecimal.valueOf(usage.inputOr(0) + usage.outputOr(0), 6))
            .build();

    private final ModelRateLimiter limiter = ModelRateLimiter.builder()
            .profiles(RateLimitProfiles.none()
                    .with(limits("openai"))
                    .with(limits("anthropic"))
                    .with(limits("google"))
                    .with(limits("openrouter")))
            .build();

    private final Governor governor = Governor.builder()
            .limiter(limiter)
            .budget(budget)
            .retry(ProviderRetry.attempts(3))
            .build();

    private static RateLimitProfile limits(String provider) {
        return RateLimitProfile.builder(provider, "*")
                .rpm(1_000)
                .tpm(1_000_000)
                .concurrency(4)
                .build();
    }

    @BeforeAll
    static void start() {
        HttpClient.create().warmup().block();
        simulator = Objects.requireNonNull(Simulator.builder()
                .anyModel(ModelLimits.unlimited())
                .replyTokens(4, 4)
                .build()
                .start()
                .block(LONG));
    }

    @AfterAll
    static void stop() {
        simulator.disposeLater().block(LONG);
        TRANSPORT.dispose();
    }

    @AfterEach
    void close() {
        google.close();
        router.close();
        limiter.dispose();
    }

    /** Each adapter by the model that it is asked for. */
    private Map<String, LlmAdapter> adapters() {
        return Map.of(
                "gpt-sim",
                OpenAiAdapter.builder()
                        .baseUrl(simulator.baseUrl())
                        .transport(TRANSPORT)
                        .build(),
                "claude-sim",
                AnthropicAdapter.builder()
                        .baseUrl(simulator.anthropicBaseUrl())
                        .transport(TRANSPORT)
                        .build(),
                "gemini-sim",
                GeminiAdapter.builder()
                        .baseUrl(google.baseUrl())
                        .transport(TRANSPORT)
                        .build(),
                "z-ai/glm",
                OpenRouterAdapter.builder()
                        .baseUrl(router.baseUrl())
                        .transport(TRANSPORT)
                        .build());
    }

    private static LlmRequest ask(String model) {
        return LlmRequest.builder(model).user("hello there").maxOutput(50).build();
    }

    @Test
    void allAreAnsweredPacedAndPaidForTogether() {
        google.answers(
                200,
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hi\"}]},\"finishReason\":\"STOP\"}],"
                        + "\"usageMetadata\":{\"promptTokenCount\":5,\"candidatesTokenCount\":4}}");
        router.answers(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":4,\"cost\":0.25}}");

        CallPrice prices = (model, usage) -> BigDecimal.ONE;
        List<LlmResponse> answers =
                Objects.requireNonNull(Flux.fromIterable(adapters().entrySet())
                        .flatMap(entry -> new GovernedLlm(entry.getValue(), governor)
                                .prices(prices)
                                .execute(ask(entry.getKey())))
                        .collectList()
                        .block(LONG));

        assertThat(answers).hasSize(4).allSatisfy(answer -> {
            assertThat(answer.text()).isNotBlank();
            assertThat(answer.usage().outputOr(-1)).isEqualTo(4);
        });
        assertThat(answers)
                .extracting(LlmResponse::cost)
                .containsExactlyInAnyOrder(Money.usd("1"), Money.usd("1"), Money.usd("1"), Money.usd("0.25"));
        long tokens = 0;
        for (LlmResponse answer : answers) {
            TokenUsage usage = answer.usage();
            tokens += usage.inputOr(0) + usage.outputOr(0);
        }
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(tokens);
        assertThat(budget.snapshot().spent().money()).isEqualTo(Money.exactly(BigDecimal.valueOf(tokens, 6)));
        for (String key :
                List.of("openai/gpt-sim", "anthropic/claude-sim", "google/gemini-sim", "openrouter/z-ai/glm")) {
            assertThat(limiter.snapshot(ModelKey.parse(key)).requests()).as(key).isEqualTo(1);
            assertThat(limiter.snapshot(ModelKey.parse(key)).inFlight()).as(key).isZero();
        }
    }

    @Test
    void streamsOfAllAreSettledByWhatTheyState() {
        google.streams(
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"hi\"}]}}],\"usageMetadata\":"
                        + "{\"promptTokenCount\":5,\"candidatesTokenCount\":1}}\n\n",
                "data: {\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":"
                        + "{\"promptTokenCount\":5,\"candidatesTokenCount\":4}}\n\n");
        router.streams(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hi\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":4}}\n\n",
                "data: [DONE]\n\n");
        Long tokens = Flux.fromIterable(adapters().entrySet())
                .flatMap(entry -> new GovernedLlm(entry.getValue(), governor)
                        .stream(ask(entry.getKey()))
                                .reduce(
                                        TokenUsage.UNKNOWN,
                                        (last, piece) -> piece.usage() == null ? last : piece.usage()))
                .reduce(0L, (sum, usage) -> sum + usage.inputOr(0) + usage.outputOr(0))
                .block(LONG);
        assertThat(budget.snapshot().spent().tokens()).isEqualTo(tokens).isPositive();
        assertThat(budget.snapshot().openReservations()).isZero();
    }

    private LlmAdapter adapter(String model) {
        return Objects.requireNonNull(adapters().get(model));
    }

    @Test
    void whereOneIsDownAnotherAnswers() {
        router.answers(503, "{\"error\":{\"message\":\"overloaded\"}}", "retry-after-ms", "1");
        GovernedLlm llm = new GovernedLlm(adapter("z-ai/glm"), governor).fallback(adapter("claude-sim"), "claude-sim");
        LlmResponse answer = Objects.requireNonNull(llm.execute(ask("z-ai/glm")).block(LONG));
        assertThat(answer.finishReason()).isEqualTo("end_turn");
        assertThat(router.asked).hasSize(3);
        assertThat(budget.snapshot().openReservations()).isZero();
        Mono<LlmResponse> alone = new GovernedLlm(adapter("z-ai/glm"), governor).execute(ask("z-ai/glm"));
        assertThat(alone.map(LlmResponse::text)
                        .onErrorResume(error -> Mono.just("down"))
                        .block(LONG))
                .isEqualTo("down");
    }
}
