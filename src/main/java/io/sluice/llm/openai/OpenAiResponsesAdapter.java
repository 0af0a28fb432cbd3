package io.sluice.llm.openai;

import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.ProviderAdapter;
import io.sluice.llm.ProviderProtocol;
import io.sluice.llm.ProviderReply;
import io.sluice.llm.StreamReader;
import io.sluice.transport.TransportRequest;
import java.net.URI;
import tools.jackson.databind.JsonNode;

/**
 * Calls {@code /responses} of OpenAI, or of any server with the same protocol. Messages are sent as {@code input}, the cap
 * as {@code max_output_tokens}; an extra field {@code input} takes the place of the messages, for items that are none, such
 * as results of tools. Stop texts and the seed of a request are left out, because there are none here. The finish reason is
 * {@code completed}, or why the response is incomplete, such as {@code max_output_tokens} or {@code content_filter}.
 *
 * <p>A response that failed or was cancelled is a {@link io.sluice.failure.ProviderFailure} with what it used. The last piece
 * of a stream has the finish reason and the usage; events that are neither text nor a tool call are raw
 * pieces.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class OpenAiResponsesAdapter extends ProviderAdapter {

    private OpenAiResponsesAdapter(Builder settings, ProviderProtocol protocol) {
        super(settings, protocol);
    }

    /** Starts with OpenAI's own address, the provider {@code openai} and no key. */
    public static Builder builder() {
        return new Builder();
    }

    /** Settings of an adapter; not thread-safe. */
    public static final class Builder extends LlmAdapterBuilder<Builder> {

        private Builder() {
            super("openai", "https://api.openai.com/v1");
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * @throws IllegalStateException if there is no transport
         */
        public OpenAiResponsesAdapter build() {
            return new OpenAiResponsesAdapter(this, new Protocol(address().at("/responses")));
        }
    }

    private record Protocol(URI address) implements ProviderProtocol {

        @Override
        public TransportRequest request(LlmRequest request, boolean streamed) {
            return TransportRequest.postJson(address, ResponsesBody.of(request, streamed));
        }

        @Override
        public TransportRequest signed(TransportRequest call, String key) {
            return call.header("authorization", "Bearer " + key);
        }

        @Override
        public LlmResponse response(JsonNode body, ProviderReply reply) {
            return ResponsesAnswer.whole(body, reply);
        }

        @Override
        public StreamReader stream(ProviderReply reply) {
            return new ResponsesReader(reply);
        }
    }
}
