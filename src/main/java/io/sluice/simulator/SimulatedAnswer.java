package io.sluice.simulator;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** An answer that is decided and, after its latency, given. */
final class SimulatedAnswer {

    /**
     * What is sent, and when.
     *
     * @param latency how long the work takes, until the headers are sent
     * @param firstByte how much later the first piece is sent
     * @param gap the time between pieces
     * @param streamed whether the call ends with its last piece; else it ends with its latency
     */
    record Course(
            List<byte[]> pieces, Duration latency, Duration firstByte, Duration gap, boolean streamed, Ending ending) {

        static Course atOnce(byte[] body) {
            return new Course(List.of(body), Duration.ZERO, Duration.ZERO, Duration.ZERO, false, Ending.WHOLE);
        }
    }

    private final int status;
    private final Map<String, String> headers;
    private final Course course;
    private final Runnable end;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param end what happens when the work has ended
     */
    SimulatedAnswer(int status, Map<String, String> headers, Course course, Runnable end) {
        this.status = status;
        this.headers = headers;
        this.course = course;
        this.end = end;
    }

    int status() {
        return status;
    }

    /** The headers by lower-case name. */
    Map<String, String> headers() {
        return headers;
    }

    Course course() {
        return course;
    }

    /** All that is sent of the body. */
    byte[] body() {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        course.pieces().forEach(body::writeBytes);
        return body.toByteArray();
    }

    /** The work has ended, or was given up. Calls after the first do nothing. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            end.run();
        }
    }
}
