package io.sluice.llm.anthropic;

import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.RequestBody;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a request for a message. */
final class AnthropicBody {

    private AnthropicBody() {}

    /**
     * For an answer as a whole, or in pieces.
     *
     * @param defaultCap the cap of requests that name none, because this provider demands one
     * @throws IllegalArgumentException if it asks for the other kind, or has nothing but instructions
     */
    static byte[] of(LlmRequest request, boolean streamed, long defaultCap) {
        ObjectNode body = RequestBody.begin(request, streamed);
        Long cap = request.maxOutput();
        body.put("model", request.model()).put("max_tokens", cap == null ? defaultCap : cap);
        instructions(body, RequestBody.instructions(request));
        ArrayNode messages = body.putArray("messages");
        for (LlmMessage message : request.messages()) {
            if (!RequestBody.isInstruction(message)) {
                RequestBody.addMessage(messages, message);
            }
        }
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a request needs at least one message that is no instruction");
        }
        RequestBody.putTemperature(body, request);
        RequestBody.putTexts(body, "stop_sequences", request.stop());
        RequestBody.set(body, "tools", request.tools());
        RequestBody.set(body, "tool_choice", request.toolChoice());
        RequestBody.set(body, "metadata", request.metadata());
        request.extra().forEach(body::set);
        if (streamed) {
            body.put("stream", true);
        }
        return RequestBody.bytes(body);
    }

    /** One text goes as it is, more than that as a list of parts. */
    private static void instructions(ObjectNode body, List<JsonNode> instructions) {
        if (instructions.size() == 1) {
            body.set("system", instructions.get(0));
        } else if (!instructions.isEmpty()) {
            ArrayNode parts = body.putArray("system");
            for (JsonNode instruction : instructions) {
                if (instruction.isArray()) {
                    instruction.forEach(parts::add);
                } else {
                    parts.addObject().put("type", "text").set("text", instruction);
                }
            }
        }
    }
}
