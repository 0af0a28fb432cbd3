package io.sluice.llm.google;

import io.sluice.llm.BaseUrl;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.ProviderProtocol;
import io.sluice.llm.ProviderReply;
import io.sluice.llm.StreamReader;
import io.sluice.transport.TransportRequest;
import java.util.Arrays;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Google's generated content. */
record GeminiProtocol(BaseUrl base) implements ProviderProtocol {

    @Override
    public TransportRequest request(LlmRequest request, boolean streamed) {
        // Without alt=sse the answer is one long list.
        String method = streamed ? ":streamGenerateContent?alt=sse" : ":generateContent";
        return TransportRequest.postJson(
                base.at("/" + model(request.model()) + method), GeminiBody.of(request, streamed));
    }

    /** A name with a slash says itself what it is, such as {@code tunedModels/mine}. */
    private static String model(String name) {
        return name.indexOf('/') < 0
                ? "models/" + BaseUrl.segment(name)
                : Arrays.stream(name.split("/", -1)).map(BaseUrl::segment).collect(Collectors.joining("/"));
    }

    /** In a header, because an address ends in logs. */
    @Override
    public TransportRequest signed(TransportRequest call, String key) {
        return call.header("x-goog-api-key", key);
    }

    @Override
    public LlmResponse response(JsonNode body, ProviderReply reply) {
        GeminiContent content = GeminiContent.of(body);
        content.checkPrompt(reply);
        if (content.isEmpty()) {
            throw reply.unreadable("it has no candidates");
        }
        return new LlmResponse(
                content.text(), content.toolCalls(), content.finishReason(), content.usage(), content.id(reply), body);
    }

    @Override
    public StreamReader stream(ProviderReply reply) {
        return new GeminiReader(reply);
    }
}
