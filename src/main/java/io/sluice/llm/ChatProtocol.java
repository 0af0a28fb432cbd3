package io.sluice.llm;

import io.sluice.support.Internal;
import io.sluice.transport.TransportRequest;
import java.net.URI;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** OpenAI's chat completions, which many others speak too; the key goes as a bearer token unless a subclass differs. */
@Internal
public class ChatProtocol implements ProviderProtocol {

    private final Function<? super LlmRequest, URI> address;
    private final ChatFlavour flavour;

    public ChatProtocol(Function<? super LlmRequest, URI> address, ChatFlavour flavour) {
        this.address = address;
        this.flavour = flavour;
    }

    @Override
    public TransportRequest request(LlmRequest request, boolean streamed) {
        return TransportRequest.postJson(address.apply(request), ChatBody.of(request, streamed, flavour));
    }

    @Override
    public TransportRequest signed(TransportRequest call, String key) {
        return call.header("authorization", "Bearer " + key);
    }

    @Override
    public LlmResponse response(JsonNode body, ProviderReply reply) {
        return ChatAnswer.whole(body, reply, requestId(reply), flavour.tellsCost());
    }

    @Override
    public StreamReader stream(ProviderReply reply) {
        return new ChatReader(requestId(reply), flavour.tellsCost());
    }

    private @Nullable String requestId(ProviderReply reply) {
        return reply.header(flavour.idHeaders().toArray(String[]::new));
    }
}
