package io.sluice.llm;

import io.sluice.support.Internal;
import io.sluice.transport.TransportRequest;
import tools.jackson.databind.JsonNode;

/** How one provider is spoken to: what is sent, how the key goes with it, and what the answers mean. Thread-safe. */
@Internal
public interface ProviderProtocol {

    /**
     * What is sent, without the key.
     *
     * @param streamed whether the answer is to come in pieces
     * @throws IllegalArgumentException if the request cannot be sent in this way
     */
    TransportRequest request(LlmRequest request, boolean streamed);

    /** The call with the key, which is neither null nor blank. */
    TransportRequest signed(TransportRequest call, String key);

    /**
     * A whole answer of a 2xx that is an object and holds no error.
     *
     * @throws io.sluice.failure.ProviderFailure if it is not what was asked for
     */
    LlmResponse response(JsonNode body, ProviderReply reply);

    /** What reads a streamed answer; a new one for each. */
    StreamReader stream(ProviderReply reply);
}
