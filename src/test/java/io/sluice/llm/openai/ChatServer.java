package io.sluice.llm.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

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
final class ChatServer implements AutoCloseable {

    static final String COMPLETION = """
            {"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":
            {"role":"assistant","content":"hi"},"finish_reason":"stop"}],
            "usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}""";

    /** One request: the line it began with, its key and type, and its body. */
    record Asked(String line, List<String> keys, List<String> types, JsonNode body) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final DisposableServer server;

    private volatile BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> answer =
            (request, response) -> response.sendString(Mono.just(COMPLETION));

    ChatServer() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .doOnConnection(connection -> connection.onDispose(closed::tryEmitEmpty))
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asByteArray()
                        .doOnNext(body -> asked.add(new Asked(
                                request.method() + " " + request.uri(),
                                request.requestHeaders().getAll("authorization"),
                                request.requestHeaders().getAll("content-type"),
                                Json.read(body))))
                        .thenMany(Flux.defer(() -> answer.apply(request, response))))
                .bindNow();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.port() + "/v1";
    }

    /** Completes when a connection has been closed, by either side. */
    Mono<Void> connectionClosed() {
        return closed.asMono();
    }

    void answers(int status, String body, String... namesAndValues) {
        answers((request, response) -> {
            response.status(status);
            for (int i = 0; i < namesAndValues.length; i += 2) {
                response.addHeader(namesAndValues[i], namesAndValues[i + 1]);
            }
            return response.sendByteArray(Mono.just(body.getBytes(UTF_8)));
        });
    }

    void answers(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> answer) {
        this.answer = answer;
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
