package io.sluice.simulator;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A request as it arrived, from a port or from a transport. */
final class SimulatedRequest {

    private final String method;
    private final String path;
    private final UnaryOperator<@Nullable String> headers;
    private final byte[] body;

    /**
     * @param headers gives the first value of a header by its lower-case name, or null
     * @param body what was sent; not to be changed
     */
    SimulatedRequest(String method, String path, UnaryOperator<@Nullable String> headers, byte[] body) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.body = body;
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    @Nullable
    String header(String name) {
        return headers.apply(name);
    }

    byte[] body() {
        return body;
    }
}
