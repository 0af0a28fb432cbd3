package io.sluice.llm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.simulator.Fault;
import io.sluice.simulator.ModelLimits;
import io.sluice.simulator.Occasion;
import io.sluice.simulator.RunningSimulator;
import io.sluice.simulator.SimulatedTransport;
import io.sluice.simulator.Simulator;
import io.sluice.simulator.SimulatorBuilder;
import io.sluice.simulator.SimulatorRun;
import io.sluice.transport.HttpTransport;
import io.sluice.transport.NettyTransport;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

/** The adapter against the provider that truly enforces its limits, on a port and in process on virtual time. */
class SimulatedMessagesTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final LlmRequest ASK = LlmRequest.builder("claude-sim")
            .system("be brief")
            .user("hello there")
            .maxOutput(5)
            .build();

    @BeforeAll
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    private static SimulatorBuilder simulator() {
        return Simulator.builder()
                .model("claude-sim", ModelLimits.apart(3, 10_000, 10_000))
                .replyTokens(4, 4)
                .apiKey("the-key");
    }

    private static AnthropicAdapter adapter(HttpTransport transport, SimulatorRun run) {
        return AnthropicAdapter.builder()
                .baseUrl(run.anthropicBaseUrl())
                .transport(transport)
                .apiKey(() -> "the-key")
                .build();
    }

    private static <T> Flux<T> onPort(SimulatorBuilder simulator, Function<AnthropicAdapter, Flux<T>> test) {
        return Flux.usingWhen(
                simulator.build().start(),
                running -> Flux.using(
                        () -> NettyTransport.builder().build(),
                        transport -> test.apply(adapter(transport, running)),
                        NettyTransport::dispose),
                RunningSimulator::disposeLater);
    }

    private static <T> Flux<T> inProcess(SimulatorBuilder simulator, Function<AnthropicAdapter, Flux<T>> test) {
        return Flux.defer(() -> {
            SimulatedTransport transport = simulator.build().transport();
            return test.apply(adapter(transport, transport));
        });
    }

    @Test
    void aCallOnAPortIsAnsweredWithTextUsageAndId() {
        StepVerifier.create(onPort(simulator(), adapter -> adapter.execute(ASK).flux()))
                .assertNext(response -> {
                    assertThat(response.text()).isNotBlank();
                    assertThat(response.finishReason()).isEqualTo("end_turn");
                    assertThat(response.usage().outputOr(-1)).isEqualTo(4);
                    assertThat(response.usage().inputOr(-1)).isPositive();
                    assertThat(response.requestId()).startsWith("req_");
                })
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void aStreamSaysTheSameAsTheWholeAnswer() {
        StepVerifier.create(onPort(
                        simulator(),
                        adapter -> Mono.zip(
                                        adapter.execute(ASK),
                                        adapter.stream(ASK).collectList())
                                .flux()))
                .assertNext(both -> {
                    List<LlmChunk> pieces = both.getT2();
                    assertThat(String.join(
                                    "", pieces.stream().map(LlmChunk::text).toList()))
                            .isNotBlank();
                    assertThat(pieces.get(pieces.size() - 1).usage())
                            .isEqualTo(both.getT1().usage());
                    assertThat(pieces.get(pieces.size() - 1).finishReason()).isEqualTo("end_turn");
                })
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void aRefusalOnVirtualTimeSaysHowLongToWaitAndThatIsEnough() {
        StepVerifier.withVirtualTime(() -> inProcess(
                        simulator(),
                        adapter -> adapter.execute(ASK)
                                .repeat(2)
                                .thenMany(adapter.execute(ASK))
                                .onErrorResume(ProviderFailure.class, failure -> {
                                    assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
                                    assertThat(failure.retryAfter())
                                            .isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
                                    return Mono.delay(failure.retryAfter()).then(adapter.execute(ASK));
                                })))
                .thenAwait(Duration.ofMinutes(2))
                .assertNext(response -> assertThat(response.text()).isNotBlank())
                .verifyComplete();
    }

    @Test
    void faultsInTheMiddleOfAStreamAreFailuresAfterThePieces() {
        for (Fault fault : List.of(Fault.errorInStream(4), Fault.cut(4))) {
            StepVerifier.withVirtualTime(() -> inProcess(
                            simulator().fault(fault, Occasion.nth(1)),
                            adapter -> adapter.stream(ASK).materialize()))
                    .thenAwait(Duration.ofMinutes(1))
                    .recordWith(java.util.ArrayList::new)
                    .thenConsumeWhile(signal -> true)
                    .consumeRecordedWith(signals -> {
                        assertThat(signals).hasSizeGreaterThan(1);
                        assertThat(signals)
                                .last()
                                .satisfies(last -> assertThat(last.isOnError()).isTrue());
                    })
                    .verifyComplete();
        }
    }
}
