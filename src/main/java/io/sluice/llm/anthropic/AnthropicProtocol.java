package io.sluice.llm.anthropic;

import io.sluice.llm.AnswerFields;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.LlmToolCall;
import io.sluice.llm.ProviderProtocol;
import io.sluice.llm.ProviderReply;
import io.sluice.llm.StreamReader;
import io.sluice.transport.TransportRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Anthropic's messages.
 *
 * @param betas what of it is not yet for everybody; empty for none
 */
record AnthropicProtocol(URI address, long defaultCap, List<String> betas) implements ProviderProtocol {

    /** The version that this reads (Anthropic's API reference, 2026-11). */
    private static final String VERSION = "2023-06-01";

    @Override
    public TransportRequest request(LlmRequest request, boolean streamed) {
        TransportRequest call = TransportRequest.postJson(address, AnthropicBody.of(request, streamed, defaultCap))
                .header("anthropic-version", VERSION);
        return betas.isEmpty() ? call : call.header("anthropic-beta", String.join(",", betas));
    }

    @Override
    public TransportRequest signed(TransportRequest call, String key) {
        return call.header("x-api-key", key);
    }

    @Override
    public LlmResponse response(JsonNode body, ProviderReply reply) {
        if (!body.path("content").isArray()) {
            throw reply.unreadable("it has no content");
        }
        StringBuilder text = new StringBuilder();
        List<LlmToolCall> toolCalls = new ArrayList<>();
        for (JsonNode block : body.path("content")) {
            String type = block.path("type").asString("");
            String tool = AnswerFields.string(block.path("name"));
            if (type.equals("text")) {
                text.append(block.path("text").asString(""));
            } else if (type.equals("tool_use") && tool != null) {
                toolCalls.add(new LlmToolCall(
                        AnswerFields.string(block.path("id")), tool, AnswerFields.object(block, "input")));
            }
        }
        return new LlmResponse(
                text.toString(),
                toolCalls,
                AnswerFields.string(body.path("stop_reason")),
                new AnthropicUsage().tells(body.path("usage")).total(),
                requestId(reply),
                body);
    }

    @Override
    public StreamReader stream(ProviderReply reply) {
        return new AnthropicReader(requestId(reply));
    }

    private static @Nullable String requestId(ProviderReply reply) {
        return reply.header("request-id", "x-request-id");
    }
}
