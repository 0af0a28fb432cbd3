package io.sluice.simulator;

import java.time.Duration;
import java.util.Map;

/** An answer that is decided and, after its latency, given. */
final class SimulatedAnswer {

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Duration latency;
    private final Runnable end;

    /**
     * @param end what happens when the work has ended
     */
    SimulatedAnswer(int status, Map<String, String> headers, byte[] body, Duration latency, Runnable end) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.latency = latency;
        this.end = end;
    }

    int status() {
        return status;
    }

    /** The headers by lower-case name. */
    Map<String, String> headers() {
        return headers;
    }

    /** The JSON; not to be changed. */
    byte[] body() {
        return body;
    }

    /** How long the work takes. */
    Duration latency() {
        return latency;
    }

    /** The work has ended, or was given up. To be called before the answer is given; calls after the first do nothing. */
    void end() {
        end.run();
    }
}
