package io.sluice.transport;

import io.sluice.support.Internal;
import java.io.ByteArrayOutputStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Gathers the pieces of a body, never more of them than the caller has room for. */
@Internal
public final class BodyBytes {

    private BodyBytes() {}

    /** All bytes, or {@link BodyTooLargeException} as soon as there are more than {@code maxBytes}. */
    public static Mono<byte[]> whole(Flux<byte[]> body, int maxBytes) {
        requireRoom(maxBytes);
        return body.collect(ByteArrayOutputStream::new, (gathered, piece) -> {
                    if (piece.length > maxBytes - gathered.size()) {
                        throw new BodyTooLargeException(maxBytes);
                    }
                    gathered.writeBytes(piece);
                })
                .map(ByteArrayOutputStream::toByteArray);
    }

    /** The first bytes, at most {@code maxBytes}; the rest is cancelled. */
    public static Mono<byte[]> beginning(Flux<byte[]> body, int maxBytes) {
        requireRoom(maxBytes);
        return Mono.fromSupplier(ByteArrayOutputStream::new)
                .flatMap(gathered -> body.doOnNext(
                                piece -> gathered.write(piece, 0, Math.min(piece.length, maxBytes - gathered.size())))
                        .takeUntil(piece -> gathered.size() >= maxBytes)
                        .then(Mono.fromSupplier(gathered::toByteArray)));
    }

    private static void requireRoom(int maxBytes) {
        if (maxBytes < 0) {
            throw new IllegalArgumentException("maxBytes must be at least 0, was " + maxBytes);
        }
    }
}
