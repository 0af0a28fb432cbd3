package io.sluice.llm;

import io.sluice.support.Internal;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * An adapter that is a protocol over HTTP: what is its own are its settings and its protocol.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public abstract class ProviderAdapter implements LlmAdapter {

    private final String provider;
    private final String host;
    private final ProviderCalls calls;

    /**
     * @param settings who and where the provider is, and what sends the calls
     * @param protocol how it is spoken to
     * @throws IllegalStateException if the settings lack an address or a transport
     */
    @Internal
    protected ProviderAdapter(LlmAdapterBuilder<?> settings, ProviderProtocol protocol) {
        this.provider = settings.provider();
        this.host = settings.address().host();
        this.calls = settings.calls(protocol);
    }

    @Override
    public final String provider() {
        return provider;
    }

    /**
     * As {@link LlmAdapter#execute} says. {@code stream: true} among the extra fields is an {@link
     * IllegalArgumentException}: the answer would not be one that this method can read.
     */
    @Override
    public final Mono<LlmResponse> execute(LlmRequest request) {
        return calls.execute(request);
    }

    /**
     * As {@link LlmAdapter#stream} says. {@code stream: false} among the extra fields is an {@link
     * IllegalArgumentException}. An answer as a whole, from a server that does not stream, is one piece.
     */
    @Override
    public final Flux<LlmChunk> stream(LlmRequest request) {
        return calls.stream(request);
    }

    /** Where it calls and as whom it counts; never the key. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[provider=" + provider + ", host=" + host + "]";
    }
}
