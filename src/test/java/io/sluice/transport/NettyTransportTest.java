package io.sluice.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.FailureClassifier;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.tcp.TcpServer;
import reactor.test.StepVerifier;

class NettyTransportTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicInteger seen = new AtomicInteger();
    private final Set<String> connections = ConcurrentHashMap.newKeySet();
    private final Sinks.Empty<Void> closed = Sinks.empty();
    private final NettyTransport transport =
            NettyTransport.builder().maxConnections(4).build();
    private final DisposableServer server = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .doOnConnection(connection -> {
                connections.add(connection.channel().id().asLongText());
                connection.onDispose(closed::tryEmitEmpty);
            })
            .handle((request, response) -> {
                seen.incrementAndGet();
                return answer(request, response);
            })
            .bindNow();

    @BeforeAll
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    @AfterEach
    void close() {
        transport.disposeLater().block(LONG);
        server.disposeNow();
    }

    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return switch (request.uri()) {
            case "/echo" ->
                response.status(418).send(request.receive().aggregate().retain());
            case "/headers" ->
                response.addHeader("X-Two", "a")
                        .addHeader("x-two", "b")
                        .sendString(Mono.just(
                                String.join(",", request.requestHeaders().getAll("x-mine"))));
            case "/endless" ->
                response.sendString(Flux.interval(Duration.ofMillis(1)).map(n -> "tick "), UTF_8)
                        .then();
            case "/silent" -> Mono.never();
            case "/slow" ->
                response.sendString(Mono.delay(Duration.ofMillis(20)).map(n -> "slow"));
            case "/gone" -> response.sendRedirect("/echo");
            case "/cut" -> {
                request.withConnection(Connection::dispose);
                yield Mono.never();
            }
            default -> response.sendNotFound();
        };
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private Mono<String> get(String path) {
        return transport
                .exchange(TransportRequest.of("GET", uri(path)), response -> response.bytes(1 << 20))
                .single()
                .map(bytes -> new String(bytes, UTF_8));
    }

    @Test
    void anAnswerCarriesStatusAndBody() {
        byte[] body = "{\"größe\":1}".getBytes(UTF_8);
        Flux<String> exchange = transport.exchange(
                TransportRequest.postJson(uri("/echo"), body),
                response -> response.bytes(100).map(bytes -> response.status() + new String(bytes, UTF_8)));
        StepVerifier.create(exchange).expectNext("418{\"größe\":1}").verifyComplete();
    }

    @Test
    void headersAreFoundInAnyCaseWithAllTheirValues() {
        TransportRequest request = TransportRequest.of("GET", uri("/headers"))
                .header("X-Mine", "1")
                .header("X-Mine", "2");
        Flux<List<String>> exchange = transport.exchange(
                request,
                response -> response.bytes(100)
                        .map(bytes -> List.of(
                                new String(bytes, UTF_8),
                                response.headers("x-TWO").toString(),
                                response.headers("none").toString())));
        StepVerifier.create(exchange).expectNext(List.of("1,2", "[a, b]", "[]")).verifyComplete();
    }

    @Test
    void nothingIsSentBeforeSubscription() {
        Mono<String> call = get("/headers");
        assertThat(seen).hasValue(0);
        StepVerifier.create(call.then(call)).expectNext("").verifyComplete();
        assertThat(seen).hasValue(2);
    }

    @Test
    void connectionsAreKeptAndUsedAgain() {
        StepVerifier.create(Flux.range(0, 20).concatMap(i -> get("/headers")).then())
                .verifyComplete();
        // A connection comes back just after the end of its exchange is told, so the next call can find it not back
        // yet.
        assertThat(connections).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void moreCallsThanConnectionsWaitForOne() {
        StepVerifier.create(Flux.range(0, 200).flatMap(i -> get("/slow"), 200).count())
                .expectNext(200L)
                .verifyComplete();
        assertThat(connections).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void cancellingClosesTheConnection() {
        Flux<byte[]> exchange =
                transport.exchange(TransportRequest.of("GET", uri("/endless")), TransportResponse::body);
        StepVerifier.create(exchange.take(3)).expectNextCount(3).verifyComplete();
        StepVerifier.create(closed.asMono()).expectComplete().verify(LONG);
    }

    @Test
    void aHandlerThatReadsOnlyTheBeginningClosesTheConnection() {
        Flux<byte[]> exchange =
                transport.exchange(TransportRequest.of("GET", uri("/endless")), response -> response.firstBytes(7));
        StepVerifier.create(exchange.map(bytes -> new String(bytes, UTF_8)))
                .expectNext("tick ti")
                .verifyComplete();
        StepVerifier.create(closed.asMono()).expectComplete().verify(LONG);
    }

    @Test
    void aBodyAboveTheBoundIsATypedError() {
        Flux<byte[]> exchange =
                transport.exchange(TransportRequest.of("GET", uri("/endless")), response -> response.bytes(7));
        StepVerifier.create(exchange)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                BodyTooLargeException.class,
                                tooLarge -> assertThat(tooLarge.maxBytes()).isEqualTo(7)))
                .verify(LONG);
    }

    @Test
    void anErrorOfTheHandlerPassesUnchanged() {
        IllegalStateException mine = new IllegalStateException("mine");
        StepVerifier.create(
                        transport.exchange(TransportRequest.of("GET", uri("/headers")), response -> Mono.error(mine)))
                .expectErrorMatches(error -> error == mine)
                .verify(LONG);
        StepVerifier.create(transport.exchange(TransportRequest.of("GET", uri("/headers")), response -> {
                    throw mine;
                }))
                .expectErrorMatches(error -> error == mine)
                .verify(LONG);
    }

    @Test
    void aRedirectIsAnAnswer() {
        StepVerifier.create(transport.exchange(
                        TransportRequest.of("GET", uri("/gone")), response -> Mono.just(response.status())))
                .expectNext(302)
                .verifyComplete();
        assertThat(seen).hasValue(1);
    }

    @Test
    void aConnectionThatBreaksIsTransientAndNotSentAgain() {
        StepVerifier.create(get("/cut"))
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(IOException.class);
                    assertThat(FailureClassifier.classify(error)).isEqualTo(FailureClass.TRANSIENT);
                    assertThat(FailureClassifier.nothingSent(error)).isFalse();
                })
                .verify(LONG);
        assertThat(seen).hasValue(1);
    }

    @Test
    void aConnectionThatBreaksWithinTheBodyIsTransient() {
        StepVerifier.create(answeredWith("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"))
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(IOException.class))
                .verify(LONG);
    }

    @Test
    void aRefusedConnectionSentNothing() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        TransportRequest request = TransportRequest.of("GET", URI.create("http://127.0.0.1:" + port + "/?key=secret"));
        StepVerifier.create(transport.exchange(request, TransportResponse::body))
                .expectErrorSatisfies(error -> {
                    assertThat(FailureClassifier.nothingSent(error)).isTrue();
                    assertThat(FailureClassifier.classify(error)).isEqualTo(FailureClass.TRANSIENT);
                    assertThat(error.toString()).doesNotContain("secret");
                })
                .verify(LONG);
    }

    @Test
    void aSilentServerIsATimeOutOfTheNetwork() {
        NettyTransport hasty =
                NettyTransport.builder().responseTimeout(Duration.ofMillis(50)).build();
        StepVerifier.create(hasty.exchange(TransportRequest.of("GET", uri("/silent")), TransportResponse::body))
                .expectErrorSatisfies(error -> {
                    assertThat(error).isInstanceOf(SocketTimeoutException.class);
                    assertThat(FailureClassifier.nothingSent(error)).isFalse();
                })
                .verify(LONG);
        hasty.disposeLater().block(LONG);
    }

    @Test
    void noFreeConnectionInTimeSentNothing() {
        NettyTransport narrow = NettyTransport.builder()
                .maxConnections(1)
                .acquireTimeout(Duration.ofMillis(50))
                .build();
        Flux<byte[]> silent = narrow.exchange(TransportRequest.of("GET", uri("/silent")), TransportResponse::body);
        StepVerifier.create(Flux.merge(silent, silent))
                .expectErrorSatisfies(error -> assertThat(error).isInstanceOf(ConnectException.class))
                .verify(LONG);
        narrow.disposeLater().block(LONG);
    }

    @Test
    void anAnswerThatIsNotHttpIsAnIoError() {
        StepVerifier.create(answeredWith("SSH-2.0-OpenSSH_9.9\r\n\r\n"))
                .expectErrorSatisfies(
                        error -> assertThat(FailureClassifier.classify(error)).isEqualTo(FailureClass.TRANSIENT))
                .verify(LONG);
    }

    /** What comes of a server that sends these characters and hangs up. */
    private Mono<byte[]> answeredWith(String characters) {
        return Mono.usingWhen(
                TcpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .handle((in, out) -> in.receive().take(1).thenMany(out.sendString(Mono.just(characters))))
                        .bind(),
                raw -> transport
                        .exchange(
                                TransportRequest.of("GET", URI.create("http://127.0.0.1:" + raw.port() + "/")),
                                response -> response.bytes(1_000))
                        .single(),
                raw -> {
                    raw.dispose();
                    return raw.onDispose();
                });
    }

    @Test
    void aClosedTransportRefuses() {
        StepVerifier.create(transport.disposeLater().then(transport.disposeLater()))
                .verifyComplete();
        assertThat(transport.isDisposed()).isTrue();
        StepVerifier.create(get("/headers")).verifyError(TransportClosedException.class);
        assertThat(seen).hasValue(0);
    }
}
