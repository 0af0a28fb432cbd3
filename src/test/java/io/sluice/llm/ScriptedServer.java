package io.sluice.llm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.HttpHeaders;
import io.sluice.support.Json;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** A server that answers whatever it is told to, and remembers what it was asked. */
public final class ScriptedServer implements AutoCloseable {

    public static final String COMPLETION = """
            {"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":
            {"role":"assistant","content":"hi"},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""";

    /** One request: the line it began with, its headers, and its body. */
    public record Asked(String line, HttpHeaders headers, JsonNode body) {

        public List<String> keys() {
            return headers.getAll("authorization");
        }

        public List<String> types() {
            return headers.getAll("content-type");
        }
    }

    public final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final DisposableServer server;

    private volatile BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> answer =
            (request, response) -> response.sendString(Mono.just(COMPLETION));

    public ScriptedServer() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnConnection(connection -> connection.onDispose(closed::tryEmitEmpty))
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asByteArray()
                        .doOnNext(body -> asked.add(new Asked(
                                request.method() + " " + request.uri(),
                                request.requestHeaders().copy(),
                                Json.read(body))))
                        .thenMany(Flux.defer(() -> answer.apply(request, response))))
                .bindNow();
    }

    public String baseUrl() {
        return address() + "/v1";
    }

    public String address() {
        return "http://127.0.0.1:" + server.port();
    }

    /** The only request that came. */
    public Asked onlyAsked() {
        assertThat(asked).hasSize(1);
        return asked.get(0);
    }

    /** Completes when a connection has been closed, by either side. */
    public Mono<Void> connectionClosed() {
        return closed.asMono();
    }

    public void answers(int status, String body, String... namesAndValues) {
        answers((request, response) -> {
            response.status(status);
            for (int i = 0; i < namesAndValues.length; i += 2) {
                response.addHeader(namesAndValues[i], namesAndValues[i + 1]);
            }
            return response.sendByteArray(Mono.just(body.getBytes(UTF_8)));
        });
    }

    public void answers(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> answer) {
        this.answer = answer;
    }

    /** Answers with events, each as one piece, and an id of the exchange in the usual header. */
    public void streams(String... events) {
        answers((request, response) -> response.header("content-type", "text/event-stream; charset=utf-8")
                .header("request-id", "req-7")
                .send(
                        Flux.fromArray(events)
                                .map(event -> response.alloc().buffer().writeBytes(event.getBytes(UTF_8))),
                        one -> true));
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
