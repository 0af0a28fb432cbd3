package io.sluice.transport;

import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.sluice.call.AnswerListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * HTTP/1.1 on reactor-netty, with a pool of kept-alive connections. The silent second attempt that reactor-netty makes on
 * a reset connection is off, and redirects are not followed: one subscription is one request.
 *
 * <p>Thread-safe. Signals arrive on event loops of reactor-netty, which must not be blocked.
 */
public final class NettyTransport implements HttpTransport, Disposable {

    private final ConnectionProvider connections;
    private final HttpClient client;
    private final Duration responseTimeout;

    /** The provider's own word cannot be asked: one that has made no connection yet calls itself disposed. */
    private volatile boolean closed;

    NettyTransport(NettyTransportBuilder settings) {
        connections = settings.connections();
        responseTimeout = settings.responseTimeout;
        client = HttpClient.create(connections)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(settings.connectTimeout.toMillis()))
                .responseTimeout(responseTimeout)
                .disableRetry(true)
                .followRedirect(false)
                .keepAlive(true);
    }

    /** Starts with the defaults; see the builder's methods for them. */
    public static NettyTransportBuilder builder() {
        return new NettyTransportBuilder();
    }

    @Override
    public <T> Flux<T> exchange(
            TransportRequest request, Function<? super TransportResponse, ? extends Publisher<? extends T>> handler) {
        return Flux.deferContextual(context -> {
            if (closed) {
                return Flux.error(new TransportClosedException());
            }
            // What fails before the answer is here failed in the network; what fails later may be the handler's own.
            AtomicBoolean answered = new AtomicBoolean();
            NetworkErrors errors = new NetworkErrors(request, responseTimeout);
            AnswerListener listener = AnswerListener.of(context);
            return client.headers(headers -> request.forEachHeader(headers::add))
                    .request(HttpMethod.valueOf(request.method()))
                    .uri(request.uri())
                    .send((out, connection) -> connection.sendByteArray(Mono.just(request.sharedBody())))
                    .response((response, body) -> {
                        answered.set(true);
                        NettyResponse answer = new NettyResponse(response, body, errors);
                        if (listener != null) {
                            listener.answered(answer::headers);
                        }
                        return Flux.<T>from(handler.apply(answer));
                    })
                    .onErrorMap(error -> !answered.get(), errors::network);
        });
    }

    /** Closes the idle connections at once and the busy ones when their exchange ends; new exchanges are refused. */
    @Override
    public void dispose() {
        closed = true;
        connections.dispose();
    }

    /** As {@link #dispose()}, done on subscription; completes when the pool is closed. Can be called again. */
    public Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            closed = true;
            return connections.disposeLater();
        });
    }

    @Override
    public boolean isDisposed() {
        return closed;
    }

    private static final class NettyResponse implements TransportResponse {

        private final HttpClientResponse response;
        private final ByteBufFlux body;
        private final NetworkErrors errors;

        NettyResponse(HttpClientResponse response, ByteBufFlux body, NetworkErrors errors) {
            this.response = response;
            this.body = body;
            this.errors = errors;
        }

        @Override
        public int status() {
            return response.status().code();
        }

        @Override
        public List<String> headers(String name) {
            HttpHeaders headers = response.responseHeaders();
            return List.copyOf(headers.getAll(name));
        }

        @Override
        public Flux<byte[]> body() {
            return body.asByteArray().onErrorMap(errors::network);
        }
    }
}
