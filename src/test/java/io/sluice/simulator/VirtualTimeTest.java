package io.sluice.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.simulator.Way.Got;
import io.sluice.transport.HttpTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

class VirtualTimeTest {

    private static final String ASK =
            "{\"model\":\"m\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    @BeforeAll
    static void warmUp() {
        Way.warmUp();
    }

    /** Asks the model so many things one after the other, waits as it is told to, and gives up what fails otherwise. */
    private static Mono<Void> agent(HttpTransport transport, String baseUrl, int tasks) {
        OpenAiAdapter adapter =
                OpenAiAdapter.builder().baseUrl(baseUrl).transport(transport).build();
        Retry asTold = Retry.from(signals -> signals.concatMap(
                signal -> signal.failure() instanceof ProviderFailure failure && failure.retryAfter() != null
                        ? Mono.delay(failure.retryAfter())
                        : Mono.error(signal.failure())));
        return Flux.range(0, tasks)
                .concatMap(task -> adapter.execute(LlmRequest.builder("m")
                                .user("task " + task)
                                .maxOutput(20)
                                .build())
                        .retryWhen(asTold)
                        .onErrorResume(givenUp -> Mono.empty()))
                .then();
    }

    private static SimulatorBuilder simulator() {
        return Simulator.builder()
                .model("m", ModelLimits.of(20, 1_000_000))
                .window(Duration.ofSeconds(3))
                .latency(Latency.between(Duration.ofMillis(1), Duration.ofMillis(5))
                        .spikes(0.1, Duration.ofMillis(10), Duration.ofMillis(20)))
                .fault(Fault.status(503), Occasion.every(7))
                .fault(Fault.cut(0), Occasion.nth(10))
                .seed(5);
    }

    private static Mono<SimulatorReport> reported(HttpTransport transport, SimulatorRun run) {
        return agent(transport, run.baseUrl(), 30).then(Mono.fromSupplier(run::report));
    }

    @Test
    void theSameAgentGetsTheSameReportOnAPortAndOnVirtualTime() {
        AtomicReference<SimulatorReport> virtual = new AtomicReference<>();
        StepVerifier.withVirtualTime(() -> Way.IN_PROCESS.with(
                        simulator(),
                        (transport, run) -> reported(transport, run).flux()))
                .thenAwait(Duration.ofMinutes(1))
                .consumeNextWith(virtual::set)
                .verifyComplete();
        SimulatorReport onPort = Objects.requireNonNull(Way.PORT
                .with(simulator(), (transport, run) -> reported(transport, run).flux())
                .blockLast(Way.LONG));

        assertThat(virtual.get()).isEqualTo(onPort);
        assertThat(onPort.refused())
                .as("once, and then it waited as it was told")
                .isEqualTo(1);
        assertThat(onPort.failed()).isEqualTo(4 + 1);
        assertThat(onPort.admitted()).isEqualTo(25);
        assertThat(onPort.highest("m").requests()).isEqualTo(20);
        assertThat(onPort.served()).hasSize(25).startsWith("req_0", "req_1");
    }

    @Test
    void anHourOfTrafficIsCountedToTheNanosecond() {
        StepVerifier.withVirtualTime(() -> Way.IN_PROCESS.with(
                        Simulator.builder().model("m", ModelLimits.of(60, 1_000_000)),
                        (transport, run) -> Flux.interval(Duration.ofMillis(500))
                                .take(Duration.ofHours(1))
                                .concatMap(tick -> Way.openAi(transport, run, ASK))
                                .then(Mono.fromSupplier(run::report))
                                .flux()))
                .thenAwait(Duration.ofHours(1))
                .assertNext(report -> {
                    assertThat(report.admitted()).isEqualTo(60 * 60);
                    assertThat(report.refused()).isEqualTo(60 * 60 - 1);
                    assertThat(report.highest("m").requests()).isEqualTo(60);
                })
                .verifyComplete();
    }

    @Test
    void anAnswerTakesItsWayItsLatencyAndItsGaps() {
        StepVerifier.withVirtualTime(() -> Way.IN_PROCESS.with(
                        Simulator.builder()
                                .anyModel(ModelLimits.unlimited())
                                .replyTokens(4, 4)
                                .travel(Latency.fixed(Duration.ofMillis(100)))
                                .latency(Latency.fixed(Duration.ofMillis(1_999)))
                                .streamGap(Duration.ofMillis(10))
                                .fault(Fault.slowFirstByte(Duration.ofSeconds(1)), Occasion.nth(2)),
                        (transport, run) -> {
                            String streamed = ASK.replace("{\"model\"", "{\"stream\":true,\"model\"");
                            return Flux.just(ASK, ASK, streamed)
                                    .concatMap(body -> Way.openAi(transport, run, body))
                                    .elapsed()
                                    .map(timed -> timed.getT1());
                        }))
                .thenAwait(Duration.ofMinutes(1))
                .expectNext(2_099L, 3_099L, 2_099L + 6 * 10)
                .verifyComplete();
    }

    @Test
    void fixedMinutesFollowTheClockThatTheBuilderWasGiven() {
        StepVerifier.withVirtualTime(() -> Way.IN_PROCESS.with(
                        Simulator.builder()
                                .model("m", ModelLimits.of(1, 1_000).kind(WindowKind.FIXED))
                                .instantSource(() -> Instant.parse("2026-11-24T10:00:50Z")),
                        (transport, run) -> Flux.just(0, 9, 11)
                                .concatMap(second ->
                                        Mono.delay(Duration.ofSeconds(second)).then(Way.openAi(transport, run, ASK)))
                                .map(Got::status)))
                .thenAwait(Duration.ofMinutes(5))
                .expectNext(200, 429, 200)
                .verifyComplete();
    }

    @Test
    void whereNothingTakesTimeItIsAnsweredAtOnce() {
        Got got = Objects.requireNonNull(Way.IN_PROCESS
                .with(
                        Simulator.builder().anyModel(ModelLimits.unlimited()).scheduler(Schedulers.single()),
                        (transport, run) -> Way.openAi(transport, run, ASK).flux())
                .blockLast(Duration.ofMillis(500)));
        assertThat(got.status()).isEqualTo(200);
    }
}
