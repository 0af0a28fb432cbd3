package io.sluice.llm.openai;

import io.sluice.llm.ChatFlavour;
import io.sluice.llm.ChatProtocol;
import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.ProviderAdapter;
import io.sluice.llm.ProviderProtocol;
import java.net.URI;

/**
 * Calls {@code /chat/completions} of OpenAI, or of any server with the same protocol.
 *
 * <p>The cap is sent as {@code max_completion_tokens}, or as {@link Builder#capField} says, unless the extra fields hold
 * {@code max_tokens} or {@code max_completion_tokens}, which then is the only one. A stream asks for the usage, which comes
 * in the last piece, unless the extra fields hold {@code stream_options}; a null there leaves the field out, for servers that
 * do not know it. Of several answers ({@code n}) the text of the first is told; the others are in the raw answer.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class OpenAiAdapter extends ProviderAdapter {

    private OpenAiAdapter(Builder settings, ProviderProtocol protocol) {
        super(settings, protocol);
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
            URI address = address().at("/chat/completions");
            return new OpenAiAdapter(this, new ChatProtocol(request -> address, flavour));
        }
    }
}
