package io.sluice.simulator;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.sluice.time.TimeSource;
import io.sluice.transport.BodyBytes;
import io.sluice.transport.BodyTooLargeException;
import org.reactivestreams.Publisher;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A simulator on its port. Thread-safe. */
public final class RunningSimulator implements Disposable {

    private static final String HOST = "127.0.0.1";
    private static final String PATH = "/v1/chat/completions";

    /** The largest body that is read, in bytes. */
    private static final int MAX_BODY = 32 << 20;

    private final SimulatedProvider provider;
    private final DisposableServer server;
    private final ChannelGroup connections;

    private RunningSimulator(SimulatedProvider provider, DisposableServer server, ChannelGroup connections) {
        this.provider = provider;
        this.server = server;
        this.connections = connections;
    }

    static Mono<RunningSimulator> start(SimulatedProvider provider, TimeSource time, int port) {
        ChannelGroup connections = new DefaultChannelGroup("sluice-simulator", ImmediateEventExecutor.INSTANCE);
        return HttpServer.create()
                .host(HOST)
                .port(port)
                .channelGroup(connections)
                .handle((request, response) -> serve(provider, time, request, response))
                .bind()
                .map(server -> new RunningSimulator(provider, server, connections));
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** What an OpenAI client takes for its base address, such as {@code http://127.0.0.1:40123/v1}. */
    public String baseUrl() {
        return "http://" + HOST + ":" + port() + "/v1";
    }

    /** What it has seen up to now. */
    public SimulatorReport report() {
        return provider.report();
    }

    /** Closes the port and all connections, without waiting for that. */
    @Override
    public void dispose() {
        server.dispose();
        ChannelGroupFuture unused = connections.close();
    }

    /** Closes the port and all connections, on subscription; completes when they are closed. Can be called again. */
    public Mono<Void> disposeLater() {
        return Mono.defer(() -> {
            server.dispose();
            return server.onDispose().then(FutureMono.from(connections.close()));
        });
    }

    @Override
    public boolean isDisposed() {
        return server.isDisposed();
    }

    private static Publisher<Void> serve(
            SimulatedProvider provider, TimeSource time, HttpServerRequest request, HttpServerResponse response) {
        if (!request.fullPath().equals(PATH) || !request.method().equals(HttpMethod.POST)) {
            String message = "Invalid URL (" + request.method() + " " + request.fullPath() + ")";
            return give(provider.reject(ApiError.invalid(404, null, null, message)), response);
        }
        return BodyBytes.whole(request.receive().asByteArray(), MAX_BODY)
                .map(body -> provider.arrive(request.requestHeaders().get("authorization"), body, time.nanos()))
                .onErrorResume(
                        BodyTooLargeException.class,
                        tooLarge -> Mono.fromSupplier(() -> provider.reject(
                                ApiError.invalid(413, null, null, "The body is larger than " + MAX_BODY + " bytes."))))
                .flatMap(answer -> worked(answer, time)
                        // Before the answer is given, which doFinally would not be.
                        .doOnTerminate(answer::end)
                        .doOnCancel(answer::end)
                        .then(Mono.defer(() -> give(answer, response))));
    }

    /** Takes the time that the work takes. Ends at once where there is none, on the event loop. */
    private static Mono<Void> worked(SimulatedAnswer answer, TimeSource time) {
        return answer.latency().isZero()
                ? Mono.empty()
                : Mono.delay(answer.latency(), time.scheduler()).then();
    }

    private static Mono<Void> give(SimulatedAnswer answer, HttpServerResponse response) {
        response.status(answer.status());
        answer.headers().forEach(response::header);
        return response.sendByteArray(Mono.just(answer.body())).then();
    }
}
