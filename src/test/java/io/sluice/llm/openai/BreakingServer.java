package io.sluice.llm.openai;

import io.netty.channel.ChannelOption;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.tcp.TcpServer;

/** A server that reads one call, answers the beginning of something, and goes. */
final class BreakingServer implements AutoCloseable {

    private final DisposableServer server;

    /**
     * @param beginning what it sends
     * @param reset whether it goes without a word, so that what it sent may be lost too
     */
    BreakingServer(String beginning, boolean reset) {
        TcpServer tcp = TcpServer.create().host("127.0.0.1").port(0);
        server = (reset ? tcp.childOption(ChannelOption.SO_LINGER, 0) : tcp)
                .handle((in, out) -> in.receive()
                        .asString()
                        .scan(String::concat)
                        .takeUntil(call -> call.endsWith("}]}") || call.endsWith("\"stream\":true}"))
                        .then(out.sendString(Mono.just(beginning)).then()))
                .bindNow();
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.port() + "/v1";
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
