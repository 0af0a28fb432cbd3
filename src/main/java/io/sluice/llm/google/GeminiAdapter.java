package io.sluice.llm.google;

import io.sluice.llm.BaseUrl;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.ProviderCalls;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls {@code :generateContent} and {@code :streamGenerateContent} of Google's Gemini.
 *
 * <p>Messages of the roles {@code system} and {@code developer} are sent as {@code systemInstruction}, the role {@code
 * assistant} as {@code model}, and the content of a message as its parts; a list is taken as the provider's own parts.
 * Tools, their choice ({@code toolConfig}) and the fields of an extra {@code generationConfig} are in the provider's form.
 * Metadata of a request is left out. The output of the usage includes the thoughts, which are no text.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class GeminiAdapter implements LlmAdapter {

    private final String provider;
    private final String host;
    private final ProviderCalls calls;

    private GeminiAdapter(String provider, String host, ProviderCalls calls) {
        this.provider = provider;
        this.host = host;
        this.calls = calls;
    }

    /** Starts with Google's own address, the provider {@code google} and no key. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String provider() {
        return provider;
    }

    /**
     * As {@link LlmAdapter#execute} says. A prompt that the provider refuses is a {@link
     * io.sluice.failure.ProviderFailure} with the reason as its code; an answer that it broke off is an answer whose
     * finish reason says so, such as {@code SAFETY}. {@code stream: true} among the extra fields is an {@link
     * IllegalArgumentException}.
     */
    @Override
    public Mono<LlmResponse> execute(LlmRequest request) {
        return calls.execute(request);
    }

    /**
     * As {@link LlmAdapter#stream} says. Each piece can tell what was used up to it. The answer is whole when a piece had a
     * finish reason and the body has ended. {@code stream: false} among the extra fields is an {@link
     * IllegalArgumentException}.
     */
    @Override
    public Flux<LlmChunk> stream(LlmRequest request) {
        return calls.stream(request);
    }

    /** Where it calls and as whom it counts; never the key. */
    @Override
    public String toString() {
        return "GeminiAdapter[provider=" + provider + ", host=" + host + "]";
    }

    /** Settings of an adapter; not thread-safe. */
    public static final class Builder extends LlmAdapterBuilder<Builder> {

        private Builder() {
            super("google", "https://generativelanguage.googleapis.com/v1beta");
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * @throws IllegalStateException if there is no transport
         */
        public GeminiAdapter build() {
            BaseUrl base = address();
            return new GeminiAdapter(provider(), base.host(), calls(new GeminiProtocol(base)));
        }
    }
}
