package io.sluice.transport;

import java.time.Duration;
import reactor.netty.resources.ConnectionProvider;

/** Settings of a {@link NettyTransport}. */
public final class NettyTransportBuilder {

    /**
     * How long an unused connection is kept. Short, because a request on a connection that the server has just closed
     * fails, and is not silently sent again.
     */
    private static final Duration IDLE = Duration.ofSeconds(20);

    private int maxConnections = 256;
    private Duration acquireTimeout = Duration.ofMinutes(5);
    Duration connectTimeout = Duration.ofSeconds(10);
    Duration responseTimeout = Duration.ofMinutes(10);

    NettyTransportBuilder() {}

    /**
     * The most connections to one host; 256 where nothing is said. Keep it at least as large as the number of calls that
     * the limits allow at once: a call that waits here has its permit already, and the provider's window moves on.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public NettyTransportBuilder maxConnections(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("maxConnections must be at least 1, was " + connections);
        }
        this.maxConnections = connections;
        return this;
    }

    /**
     * How long to wait for a free connection before failing with a {@link java.net.ConnectException}; five minutes where
     * nothing is said. Any number may wait.
     *
     * @throws IllegalArgumentException if it is not at least a millisecond, or beyond 24 days
     */
    public NettyTransportBuilder acquireTimeout(Duration timeout) {
        this.acquireTimeout = millis("acquireTimeout", timeout);
        return this;
    }

    /**
     * How long to wait for the connection to be made before failing with a {@link java.net.ConnectException}; ten seconds
     * where nothing is said.
     *
     * @throws IllegalArgumentException if it is not at least a millisecond, or beyond 24 days
     */
    public NettyTransportBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = millis("connectTimeout", timeout);
        return this;
    }

    /**
     * The longest silence of the server, before the answer and within it, before failing with a
     * {@link java.net.SocketTimeoutException}; ten minutes where nothing is said, which is what the official OpenAI
     * clients wait for an answer.
     *
     * @throws IllegalArgumentException if it is not at least a millisecond, or beyond 24 days
     */
    public NettyTransportBuilder responseTimeout(Duration timeout) {
        this.responseTimeout = millis("responseTimeout", timeout);
        return this;
    }

    /** Makes the transport. It connects to nothing yet. */
    public NettyTransport build() {
        return new NettyTransport(this);
    }

    ConnectionProvider connections() {
        return ConnectionProvider.builder("sluice")
                .maxConnections(maxConnections)
                .pendingAcquireMaxCount(-1)
                .pendingAcquireTimeout(acquireTimeout)
                .maxIdleTime(IDLE)
                .evictInBackground(IDLE)
                .lifo()
                .build();
    }

    private static Duration millis(String name, Duration timeout) {
        if (timeout.compareTo(Duration.ofMillis(1)) < 0
                || timeout.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(name + " must be between 1 ms and 24 days, was " + timeout);
        }
        return timeout;
    }
}
