package io.sluice.transport;

import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An answer whose status and headers are here and whose body may still be on its way. */
public interface TransportResponse {

    /** The HTTP status, 100 to 999. */
    int status();

    /**
     * All values of a header in the order they came; empty where it is missing.
     *
     * @param name in any case
     */
    List<String> headers(String name);

    /** The body as it comes. It can be subscribed to once, and within the handler's publisher only. */
    Flux<byte[]> body();

    /**
     * The whole body, for an answer that is read as one.
     *
     * @param maxBytes the most that is kept in memory, at least 0
     * @return the bytes, or {@link BodyTooLargeException} as soon as there are more than {@code maxBytes}; the rest is not read
     */
    default Mono<byte[]> bytes(int maxBytes) {
        return BodyBytes.whole(body(), maxBytes);
    }

    /**
     * The beginning of the body, for an answer that is only looked into, such as an error page.
     *
     * @param maxBytes the most that is read, at least 0
     * @return what there is, cut at {@code maxBytes}; the rest is not read
     */
    default Mono<byte[]> firstBytes(int maxBytes) {
        return BodyBytes.beginning(body(), maxBytes);
    }
}
