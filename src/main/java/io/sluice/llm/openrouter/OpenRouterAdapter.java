package io.sluice.llm.openrouter;

import io.sluice.llm.ChatFlavour;
import io.sluice.llm.ChatProtocol;
import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.ProviderAdapter;
import io.sluice.llm.ProviderProtocol;
import io.sluice.transport.TransportRequest;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Calls OpenRouter, whose models are named by their makers, such as {@code anthropic/claude-haiku-4.5}. The cap is sent as
 * {@code max_tokens}, usage comes unasked, and what a call cost is told, as the {@code usage.cost} of
 * the answer says it (OpenRouter's API reference, 2026-11). An error of the provider behind it is a failure, at whatever status it comes.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class OpenRouterAdapter extends ProviderAdapter {

    private static final ChatFlavour FLAVOUR = ChatFlavour.OPENAI
            .cap("max_tokens")
            .tellsUsageUnasked()
            .tellsCost(true)
            .idHeaders("x-generation-id", "x-request-id");

    private OpenRouterAdapter(Builder settings, ProviderProtocol protocol) {
        super(settings, protocol);
    }

    /** Starts with OpenRouter's address, the provider {@code openrouter} and no key. */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of an adapter; not thread-safe. */
    public static final class Builder extends LlmAdapterBuilder<Builder> {

        private @Nullable String site;
        private @Nullable String title;

        private Builder() {
            super("openrouter", "https://openrouter.ai/api/v1");
        }

        @Override
        protected Builder self() {
            return this;
        }

        /** The address of the program that calls, for OpenRouter's lists; sent as {@code HTTP-Referer}. */
        public Builder site(String address) {
            this.site = Objects.requireNonNull(address, "address");
            return this;
        }

        /** The name of the program that calls, for OpenRouter's lists; sent as {@code X-Title}. */
        public Builder title(String title) {
            this.title = Objects.requireNonNull(title, "title");
            return this;
        }

        /**
         * @throws IllegalStateException if there is no transport
         */
        public OpenRouterAdapter build() {
            return new OpenRouterAdapter(this, new Protocol(address().at("/chat/completions"), site, title));
        }
    }

    private static final class Protocol extends ChatProtocol {

        private final @Nullable String site;
        private final @Nullable String title;

        Protocol(URI address, @Nullable String site, @Nullable String title) {
            super(request -> address, FLAVOUR);
            this.site = site;
            this.title = title;
        }

        @Override
        public TransportRequest request(LlmRequest request, boolean streamed) {
            TransportRequest call = super.request(request, streamed);
            call = site == null ? call : call.header("http-referer", site);
            return title == null ? call : call.header("x-title", title);
        }
    }
}
