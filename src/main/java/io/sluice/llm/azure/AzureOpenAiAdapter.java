package io.sluice.llm.azure;

import io.sluice.llm.BaseUrl;
import io.sluice.llm.ChatFlavour;
import io.sluice.llm.ChatProtocol;
import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.ProviderAdapter;
import io.sluice.llm.ProviderProtocol;
import io.sluice.transport.TransportRequest;
import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls chat completions of an Azure OpenAI resource. The model of a request is the name of the deployment. Without a
 * version of the API it calls {@code /openai/v1/chat/completions}, with one {@code
 * /openai/deployments/{deployment}/chat/completions} (Azure's API reference, 2026-11).
 *
 * <p>The first piece of a stream may tell nothing but what the filter of the prompt found. For versions of the API that do not
 * know {@code stream_options}, a null among the extra fields leaves it out.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class AzureOpenAiAdapter extends ProviderAdapter {

    private static final ChatFlavour FLAVOUR =
            ChatFlavour.OPENAI.idHeaders("apim-request-id", "x-request-id", "x-ms-request-id");

    private AzureOpenAiAdapter(Builder settings, ProviderProtocol protocol) {
        super(settings, protocol);
    }

    /** Starts with the provider {@code azure}, no key, and no address: each resource has its own. */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of an adapter; not thread-safe. */
    public static final class Builder extends LlmAdapterBuilder<Builder> {

        private @Nullable String apiVersion;
        private boolean entra;

        private Builder() {
            super("azure", null);
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * The version of the API, such as {@code 2024-10-21}, for addresses with deployments; none by default.
         *
         * @throws IllegalArgumentException if it is blank
         */
        public Builder apiVersion(String version) {
            if (version.isBlank()) {
                throw new IllegalArgumentException("apiVersion must not be blank, such as 2024-10-21");
            }
            this.apiVersion = version;
            return this;
        }

        /** A key of the resource, sent as {@code api-key}. */
        @Override
        public Builder apiKey(Supplier<? extends @Nullable String> key) {
            this.entra = false;
            return super.apiKey(key);
        }

        /**
         * A token of Microsoft Entra in place of a key, sent as a bearer token. It is asked for each call, on the subscribing
         * thread, and must not block: whatever renews it does so elsewhere.
         */
        public Builder entraToken(Supplier<? extends @Nullable String> token) {
            super.apiKey(token);
            this.entra = true;
            return this;
        }

        /**
         * @throws IllegalStateException if there is no address, such as {@code https://my-resource.openai.azure.com}, or no
         *     transport
         */
        public AzureOpenAiAdapter build() {
            return new AzureOpenAiAdapter(this, new Protocol(address(address(), apiVersion), entra));
        }

        private static Function<LlmRequest, URI> address(BaseUrl base, @Nullable String version) {
            if (version == null) {
                URI unified = base.at("/openai/v1/chat/completions");
                return request -> unified;
            }
            String query = "/chat/completions?api-version=" + BaseUrl.segment(version);
            return request -> base.at("/openai/deployments/" + BaseUrl.segment(request.model()) + query);
        }
    }

    private static final class Protocol extends ChatProtocol {

        private final boolean entra;

        Protocol(Function<LlmRequest, URI> address, boolean entra) {
            super(address, FLAVOUR);
            this.entra = entra;
        }

        @Override
        public TransportRequest signed(TransportRequest call, String key) {
            return entra ? super.signed(call, key) : call.header("api-key", key);
        }
    }
}
