package io.sluice.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.transport.HttpTransport;
import io.sluice.transport.NettyTransport;
import io.sluice.transport.TransportRequest;
import io.sluice.transport.TransportResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** The two ways to a simulator, which must not differ. */
enum Way {
    PORT {
        @Override
        <T> Flux<T> with(SimulatorBuilder simulator, BiFunction<HttpTransport, SimulatorRun, Flux<T>> test) {
            return Flux.usingWhen(
                    simulator.build().start(),
                    running -> Flux.using(
                            () -> NettyTransport.builder().build(),
                            transport -> test.apply(transport, running),
                            NettyTransport::dispose),
                    RunningSimulator::disposeLater);
        }
    },
    IN_PROCESS {
        @Override
        <T> Flux<T> with(SimulatorBuilder simulator, BiFunction<HttpTransport, SimulatorRun, Flux<T>> test) {
            return Flux.defer(() -> {
                SimulatedTransport transport = simulator.build().transport();
                return test.apply(transport, transport);
            });
        }
    };

    static final Duration LONG = Duration.ofSeconds(60);

    /** What came of a request: the bytes that came and, where the connection broke, how. */
    record Got(
            int status,
            @Nullable String retryAfter,
            String body,
            @Nullable IOException broken) {

        List<String> events() {
            return List.of(body.strip().split("\n\n"));
        }
    }

    abstract <T> Flux<T> with(SimulatorBuilder simulator, BiFunction<HttpTransport, SimulatorRun, Flux<T>> test);

    /** Loads what an event loop must not wait for. */
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    static Mono<Got> openAi(HttpTransport transport, SimulatorRun run, String body) {
        return send(
                transport,
                TransportRequest.postJson(URI.create(run.baseUrl() + "/chat/completions"), body.getBytes(UTF_8)));
    }

    static Mono<Got> anthropic(HttpTransport transport, SimulatorRun run, String body) {
        return send(
                transport,
                TransportRequest.postJson(URI.create(run.anthropicBaseUrl() + "/v1/messages"), body.getBytes(UTF_8))
                        .header("anthropic-version", "2023-06-01"));
    }

    private static Mono<Got> send(HttpTransport transport, TransportRequest request) {
        return transport
                .exchange(request, Way::read)
                .onErrorResume(IOException.class, broken -> Mono.just(new Got(0, null, "", broken)))
                .single();
    }

    private static Mono<Got> read(TransportResponse response) {
        StringBuilder body = new StringBuilder();
        List<String> retryAfter = response.headers("Retry-After");
        String hint = retryAfter.isEmpty() ? null : retryAfter.get(0);
        return response.body()
                .doOnNext(piece -> body.append(new String(piece, UTF_8)))
                .then(Mono.fromSupplier(() -> new Got(response.status(), hint, body.toString(), null)))
                .onErrorResume(
                        IOException.class,
                        broken -> Mono.just(new Got(response.status(), hint, body.toString(), broken)));
    }
}
