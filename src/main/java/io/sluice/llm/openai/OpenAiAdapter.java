package io.sluice.llm.openai;

import io.sluice.llm.BaseUrl;
import io.sluice.llm.ChatFlavour;
import io.sluice.llm.ChatProtocol;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.ProviderCalls;
import java.net.URI;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls {@code /chat/completions} of OpenAI, or of any server with the same protocol.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class OpenAiAdapter implements LlmAdapter {

    private final String provider;
    private final String host;
    private final ProviderCalls calls;

    private OpenAiAdapter(String provider, String host, ProviderCalls calls) {
        this.provider = provider;
        this.host = host;
        this.calls = calls;
    }

    /** Starts with OpenAI's own address, the provider {@code openai} and no key. */
    public static Builder builder() {
        return new Builder("openai", "https://api.openai.com/v1", ChatFlavour.OPENAI);
    }

    /**
     * Starts with Mistral's address, the provider {@code mistral} and no key. The cap is sent as {@code max_tokens}, the
     * seed as {@code random_seed}, and streams say what was used without being asked (Mistral's API reference, 2026-11).
     */
    public static Builder mistral() {
        return new Builder(
                "mistral",
                "https://api.mistral.ai/v1",
                ChatFlavour.OPENAI.cap("max_tokens").seed("random_seed").tellsUsageUnasked());
    }

    /** Starts with Groq's address, the provider {@code groq} and no key (Groq's API reference, 2026-11). */
    public static Builder groq() {
        return new Builder("groq", "https://api.groq.com/openai/v1", ChatFlavour.OPENAI);
    }

    @Override
    public String provider() {
        return provider;
    }

    /**
     * As {@link LlmAdapter#execute} says. The cap is sent as {@code max_completion_tokens}, or as {@link
     * Builder#capField} says, unless the extra fields hold {@code max_tokens} or {@code max_completion_tokens}, which then
     * is the only one. {@code stream: true} among the extra fields is an {@link IllegalArgumentException}: the answer would
     * not be one that this method can read.
     */
    @Override
    public Mono<LlmResponse> execute(LlmRequest request) {
        return calls.execute(request);
    }

    /**
     * As {@link LlmAdapter#stream} says. Asks for the usage, which comes in the last piece, unless the extra fields hold
     * {@code stream_options}; a null there leaves the field out, for servers that do not know it. {@code stream: false} among
     * the extra fields is an {@link IllegalArgumentException}. Of several answers ({@code n}) the pieces hold the text of the
     * first; the others are in the raw pieces. An answer as a whole, from a server that does not stream, is one piece.
     */
    @Override
    public Flux<LlmChunk> stream(LlmRequest request) {
        return calls.stream(request);
    }

    /** Where it calls and as whom it counts; never the key. */
    @Override
    public String toString() {
        return "OpenAiAdapter[provider=" + provider + ", host=" + host + "]";
    }

    /** Settings of an adapter; not thread-safe. */
    public static final class Builder extends LlmAdapterBuilder<Builder> {

        private ChatFlavour flavour;

        private Builder(String provider, String baseUrl, ChatFlavour flavour) {
            super(provider, baseUrl);
            this.flavour = flavour;
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * The field that the cap of the output is sent in: {@code max_tokens} for servers that know the older name only.
         *
         * @throws IllegalArgumentException if it is blank
         */
        public Builder capField(String name) {
            if (name.isBlank()) {
                throw new IllegalArgumentException("the field of the cap must have a name, such as max_tokens");
            }
            this.flavour = flavour.cap(name);
            return this;
        }

        /**
         * @throws IllegalStateException if there is no transport
         */
        public OpenAiAdapter build() {
            BaseUrl base = address();
            URI address = base.at("/chat/completions");
            return new OpenAiAdapter(provider(), base.host(), calls(new ChatProtocol(request -> address, flavour)));
        }
    }
}
