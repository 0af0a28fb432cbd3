package io.sluice.simulator;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.FutureMono;
import reactor.netty.http.server.HttpServer;

/** A simulator on its port. Thread-safe. */
public final class RunningSimulator implements SimulatorRun, Disposable {

    private static final String HOST = "127.0.0.1";

    private final SimulatedProvider provider;
    private final DisposableServer server;
    private final ChannelGroup connections;

    private RunningSimulator(SimulatedProvider provider, DisposableServer server, ChannelGroup connections) {
        this.provider = provider;
        this.server = server;
        this.connections = connections;
    }

    static Mono<RunningSimulator> start(SimulatedService service, int port) {
        ChannelGroup connections = new DefaultChannelGroup("sluice-simulator", ImmediateEventExecutor.INSTANCE);
        ServedExchange exchange = new ServedExchange(service);
        return HttpServer.create()
                .host(HOST)
                .port(port)
                .channelGroup(connections)
                .handle(exchange::serve)
                .bind()
                .map(server -> new RunningSimulator(service.provider(), server, connections));
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    @Override
    public String baseUrl() {
        return anthropicBaseUrl() + "/v1";
    }

    @Override
    public String anthropicBaseUrl() {
        return "http://" + HOST + ":" + port();
    }

    @Override
    public SimulatorReport report() {
        return provider.report();
    }

    @Override
    public void inject(Fault fault, Occasion occasion) {
        provider.faults().add(new FaultRules.Rule(fault, occasion));
    }

    @Override
    public void clearFaults() {
        provider.faults().clear();
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
}
