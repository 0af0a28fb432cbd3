package io.sluice.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sluice.transport.NettyTransport;
import io.sluice.transport.TransportRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

class SimulatorTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final byte[] HELLO =
            "{\"model\":\"gpt-sim\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"max_tokens\":8}"
                    .getBytes(UTF_8);

    private static final NettyTransport TRANSPORT =
            NettyTransport.builder().maxConnections(64).build();

    @BeforeAll
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    @AfterAll
    static void close() {
        TRANSPORT.disposeLater().block(LONG);
    }

    private static Mono<Integer> post(RunningSimulator running, String path) {
        return TRANSPORT
                .exchange(
                        TransportRequest.postJson(URI.create(running.baseUrl() + path), HELLO),
                        response -> response.bytes(100_000).thenReturn(response.status()))
                .single();
    }

    private static Mono<Integer> hello(RunningSimulator running) {
        return post(running, "/chat/completions");
    }

    private static Flux<Integer> inFlight(RunningSimulator running) {
        return Flux.interval(Duration.ofMillis(5)).map(tick -> running.report().inFlight());
    }

    private static <T> Flux<T> with(SimulatorBuilder builder, Function<RunningSimulator, Flux<T>> test) {
        return Flux.usingWhen(builder.build().start(), test, RunningSimulator::disposeLater);
    }

    @Test
    void itServesAndCountsThousandsOfCalls() {
        StepVerifier.create(with(
                        Simulator.builder().model("gpt-sim", ModelLimits.of(4_000, 1_000_000_000)),
                        running -> Flux.range(0, 5_000)
                                .flatMap(i -> hello(running), 64)
                                .groupBy(status -> status)
                                .flatMap(same -> same.count().map(count -> same.key() + ": " + count))
                                .sort()
                                .concatWith(Mono.fromSupplier(() -> running.report()
                                                .admitted() + " "
                                        + running.report().refused() + " "
                                        + running.report().highest("gpt-sim").requests()))))
                .expectNext("200: 4000", "429: 1000", "4000 1000 4000")
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void latencyOverlapsAndTheReportTellsByHowMuch() {
        StepVerifier.create(with(
                        Simulator.builder()
                                .anyModel(ModelLimits.unlimited())
                                .latency(Duration.ofMillis(100), Duration.ofMillis(150)),
                        running -> Flux.range(0, 60)
                                .flatMap(i -> hello(running), 10)
                                .thenMany(Mono.fromSupplier(running::report))))
                .assertNext(report -> {
                    assertThat(report.maxInFlight()).isEqualTo(10);
                    assertThat(report.inFlight()).isZero();
                    assertThat(report.admitted()).isEqualTo(60);
                    assertThat(report.tokens()).isGreaterThanOrEqualTo(60 * 7);
                })
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void aCallThatTheClientGivesUpIsNoLongerInFlight() {
        StepVerifier.create(with(
                        Simulator.builder()
                                .anyModel(ModelLimits.unlimited())
                                .latency(Duration.ofMinutes(5), Duration.ofMinutes(5)),
                        running -> hello(running)
                                .takeUntilOther(
                                        inFlight(running).filter(n -> n == 1).next())
                                .thenMany(inFlight(running).filter(n -> n == 0).take(1))))
                .expectNext(0)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void anotherPathIsNotThere() {
        StepVerifier.create(with(
                        Simulator.builder().anyModel(ModelLimits.unlimited()),
                        running -> post(running, "/embeddings").flux()))
                .expectNext(404)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void eachStartHasItsOwnWindows() {
        Simulator simulator =
                Simulator.builder().model("gpt-sim", ModelLimits.of(1, 1_000)).build();
        Flux<Integer> once = Flux.usingWhen(
                simulator.start(),
                running -> Flux.concat(hello(running), hello(running)),
                RunningSimulator::disposeLater);
        StepVerifier.create(once.concatWith(once))
                .expectNext(200, 429, 200, 429)
                .expectComplete()
                .verify(LONG);
    }

    @Test
    void disposingClosesThePortAndItsConnections() {
        RunningSimulator running = Objects.requireNonNull(Simulator.builder()
                .anyModel(ModelLimits.unlimited())
                .build()
                .start()
                .block(LONG));
        StepVerifier.create(hello(running)).expectNext(200).verifyComplete();
        running.dispose();
        StepVerifier.create(running.disposeLater()).expectComplete().verify(LONG);
        assertThat(running.isDisposed()).isTrue();
        StepVerifier.create(hello(running)).expectError().verify(LONG);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        SimulatorBuilder builder = Simulator.builder();
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("model(name, limits)");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.window(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.latency(Duration.ofMillis(2), Duration.ofMillis(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.replyTokens(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.failWhen(body -> true, 200));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.port(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> ModelLimits.of(0, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.anyModel(ModelLimits.unlimited())
                        .scheduler(Schedulers.immediate())
                        .build());
    }
}
