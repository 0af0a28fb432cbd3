package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmRequest;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenEstimate;
import io.sluice.ratelimit.ModelRateLimiter;
import io.sluice.ratelimit.PermitRequest;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.Simulator;
import io.sluice.simulator.SimulatorBuilder;
import java.time.Duration;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

/** The adapter against the provider that truly enforces its limits. */
class SimulatedChatTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @BeforeAll
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    private static <T> Flux<T> with(
            SimulatorBuilder simulator, String key, BiFunction<RunningSimulator, OpenAiAdapter, Flux<T>> test) {
        return Flux.usingWhen(
                simulator.build().start(),
                running -> test.apply(
                        running,
                        OpenAiAdapter.builder()
                                .baseUrl(running.baseUrl())
                                .transport(OnServer.TRANSPORT)
                                .apiKey(() -> key)
                                .build()),
                RunningSimulator::disposeLater);
    }

    private static LlmRequest ask(String model, int cap) {
        return LlmRequest.builder(model).user("hello there").maxOutput(cap).build();
    }

    private static ProviderFailure failure(Throwable error) {
        assertThat(error).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) error;
    }

    @Test
    void aCallIsAnsweredWithTextUsageAndId() {
        StepVerifier.create(with(
                        Simulator.builder()
                                .model("gpt-sim", ModelLimits.of(10, 10_000))
                                .apiKey("the-key"),
                        "the-key",
                        (running, adapter) -> adapter.execute(ask("gpt-sim", 5)).flux()))
                .assertNext(response -> {
                    assertThat(response.text()).isNotBlank();
                    assertThat(response.finishReason()).isIn("stop", "length");
                    assertThat(response.usage().outputOr(-1)).isBetween(1L, 5L);
                    assertThat(response.usage().inputOr(-1)).isPositive();
                    assertThat(response.requestId()).startsWith("req_");
                })
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void theCapIsTheOneThatIsCharged() {
        StepVerifier.create(with(
                        Simulator.builder().model("gpt-sim", ModelLimits.of(10, 1_000)),
                        "any-key",
                        (running, adapter) -> adapter.execute(ask("gpt-sim", 600))
                                .then(adapter.execute(ask("gpt-sim", 600)))
                                .flux()))
                .expectErrorSatisfies(error -> {
                    ProviderFailure failure = failure(error);
                    assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
                    assertThat(failure.status()).isEqualTo(429);
                    assertThat(failure.code()).isEqualTo("rate_limit_exceeded");
                    assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(61));
                    assertThat(failure).hasMessageContaining("Limit 1000").hasMessageContaining("gpt-sim");
                })
                .verify(LONG);
    }

    @Test
    void eachRefusalMeansWhatItIs() {
        SimulatorBuilder simulator = Simulator.builder()
                .model("gpt-sim", ModelLimits.of(10, 10_000))
                .apiKey("the-key")
                .failWhen(body -> body.path("max_completion_tokens").asInt(0) == 429, 429)
                .failWhen(body -> body.path("max_completion_tokens").asInt(0) == 503, 503)
                .failWhen(body -> body.path("max_completion_tokens").asInt(0) == 500, 500);
        StepVerifier.create(with(
                        simulator,
                        "the-key",
                        (running, adapter) -> Flux.just(
                                        ask("gpt-sim", 50_000),
                                        ask("gpt-none", 5),
                                        ask("gpt-sim", 429),
                                        ask("gpt-sim", 503),
                                        ask("gpt-sim", 500))
                                .concatMap(request -> adapter.execute(request)
                                        .<FailureClass>flatMap(answer -> Mono.error(new AssertionError("answered")))
                                        .onErrorResume(error ->
                                                Mono.just(failure(error).failureClass())))))
                .expectNext(
                        FailureClass.TOO_LARGE,
                        FailureClass.CALLER,
                        FailureClass.QUOTA,
                        FailureClass.OVERLOADED,
                        FailureClass.TRANSIENT)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void aWrongKeyIsTheCallersAndNotShown() {
        StepVerifier.create(with(
                        Simulator.builder().anyModel(ModelLimits.unlimited()).apiKey("the-right-key"),
                        "the-wrong-key",
                        (running, adapter) -> adapter.execute(ask("m", 5)).flux()))
                .expectErrorSatisfies(error -> {
                    assertThat(failure(error).failureClass()).isEqualTo(FailureClass.CALLER);
                    assertThat(failure(error).code()).isEqualTo("invalid_api_key");
                    assertThat(OnServer.shown(error)).doesNotContain("the-wrong-key");
                })
                .verify(LONG);
    }

    /** The limiter ages its charges from the grant; a window that is longer by far covers the way to the server. */
    @Test
    void callsUnderPermitsAreNeverRefused() {
        ModelRateLimiter limiter = ModelRateLimiter.builder()
                .profiles(RateLimitProfiles.none()
                        .with(RateLimitProfile.builder("openai", "gpt-sim")
                                .rpm(40)
                                .tpm(100_000)
                                .utilizationTarget(1)
                                .concurrency(8)
                                .build()))
                .window(Duration.ofSeconds(2))
                .build();
        PermitRequest permit = PermitRequest.of(ModelKey.of("openai", "gpt-sim"), TokenEstimate.of(20, 8));
        StepVerifier.create(with(
                        Simulator.builder()
                                .model("gpt-sim", ModelLimits.of(40, 100_000))
                                .window(Duration.ofSeconds(1))
                                .latency(Duration.ofMillis(5), Duration.ofMillis(20)),
                        "any-key",
                        (running, adapter) -> Flux.range(0, 120)
                                .flatMap(
                                        i -> limiter.withPermit(
                                                permit, adapter.execute(ask("gpt-sim", 8)), answer -> answer.usage()),
                                        64)
                                .thenMany(Mono.fromSupplier(running::report))))
                .assertNext(report -> {
                    assertThat(report.admitted()).isEqualTo(120);
                    assertThat(report.refused()).isZero();
                    assertThat(report.maxInFlight()).isBetween(2, 8);
                })
                .expectComplete()
                .verify(LONG);
        limiter.dispose();
    }
}
