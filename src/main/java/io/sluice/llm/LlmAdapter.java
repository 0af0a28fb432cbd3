package io.sluice.llm;

import io.sluice.model.ModelKey;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One provider's protocol. Implementations are thread-safe. */
public interface LlmAdapter {

    /** Who serves the models, such as {@code openai}; the provider of {@link #key(LlmRequest)}. */
    String provider();

    /** What the limits and the price of a request are looked up by. */
    default ModelKey key(LlmRequest request) {
        return ModelKey.of(provider(), request.model());
    }

    /**
     * Sends the request, once for each subscription, and reads the whole answer. Cancelling closes the connection.
     *
     * <p>Errors: {@link io.sluice.failure.ProviderFailure} where the provider answered with an error or with something
     * unreadable, {@link java.io.IOException} where the network failed, {@link IllegalArgumentException} where the
     * request cannot be sent by this method. Signals arrive on a thread of the transport that must not be blocked.
     */
    Mono<LlmResponse> execute(LlmRequest request);

    /**
     * Sends the request, once for each subscription, and gives the answer in pieces as it comes. Cancelling closes the
     * connection.
     *
     * <pre>
     * subscribe --- request --- headers --- text --- text --- finish reason --- usage --- complete
     * </pre>
     *
     * <p>Where the provider says what was used, a piece has it, mostly the last; it may be missing, and is when the stream
     * breaks off. Errors are those of {@link #execute}, also after the first piece: {@link
     * io.sluice.failure.ProviderFailure} too where the provider reports an error in the middle or ends the stream before
     * the answer. Pieces arrive on a thread of the transport that must not be blocked; a slow consumer holds up the
     * connection.
     */
    Flux<LlmChunk> stream(LlmRequest request);
}
