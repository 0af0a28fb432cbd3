package io.sluice.llm.google;

import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.ProviderAdapter;
import io.sluice.llm.ProviderProtocol;

/**
 * Calls {@code :generateContent} and {@code :streamGenerateContent} of Google's Gemini.
 *
 * <p>Messages of the roles {@code system} and {@code developer} are sent as {@code systemInstruction}, the role {@code
 * assistant} as {@code model}, and the content of a message as its parts; a list is taken as the provider's own parts.
 * Tools, their choice ({@code toolConfig}) and the fields of an extra {@code generationConfig} are in the provider's form.
 * Metadata of a request is left out. The output of the usage includes the thoughts, which are no text.
 *
 * <p>A prompt that the provider refuses is a {@link io.sluice.failure.ProviderFailure} with the reason as its code; an answer
 * that it broke off is an answer whose finish reason says so, such as {@code SAFETY}. Each piece of a stream can tell what was
 * used up to it; the answer is whole when a piece had a finish reason and the body has ended.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class GeminiAdapter extends ProviderAdapter {

    private GeminiAdapter(Builder settings, ProviderProtocol protocol) {
        super(settings, protocol);
    }

    /** Starts with Google's own address, the provider {@code google} and no key. */
    public static Builder builder() {
        return new Builder();
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
            return new GeminiAdapter(this, new GeminiProtocol(address()));
        }
    }
}
