package io.sluice.llm.openai;

import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.support.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a request for a chat completion. */
final class ChatBody {

    static final JsonMapper MAPPER = Json.mapper();

    private ChatBody() {}

    /**
     * For an answer as a whole.
     *
     * @throws IllegalArgumentException if it asks for a stream, or has no messages
     */
    static byte[] whole(LlmRequest request) {
        JsonNode stream = request.extra().get("stream");
        if (stream != null && stream.asBoolean(false)) {
            throw new IllegalArgumentException("stream: true cannot be executed as one answer; leave the field out");
        }
        return MAPPER.writeValueAsBytes(of(request));
    }

    /**
     * For an answer in pieces, the last of which says what was used. A null among the extra fields leaves a field out.
     *
     * @throws IllegalArgumentException if it asks for no stream, or has no messages
     */
    static byte[] streamed(LlmRequest request) {
        JsonNode stream = request.extra().get("stream");
        if (stream != null && !stream.asBoolean(true)) {
            throw new IllegalArgumentException("stream: false cannot be streamed; leave the field out");
        }
        ObjectNode body = of(request).put("stream", true);
        JsonNode options = body.get("stream_options");
        if (options == null) {
            body.putObject("stream_options").put("include_usage", true);
        } else if (options.isNull()) {
            body.remove("stream_options");
        }
        return MAPPER.writeValueAsBytes(body);
    }

    private static ObjectNode of(LlmRequest request) {
        if (request.messages().isEmpty()) {
            throw new IllegalArgumentException("a request needs at least one message");
        }
        ObjectNode body = MAPPER.createObjectNode();
        body.put("model", request.model());
        ArrayNode messages = body.putArray("messages");
        for (LlmMessage message : request.messages()) {
            ObjectNode one = messages.addObject();
            one.put("role", message.role());
            one.set("content", message.content());
            message.extra().forEach(one::set);
        }
        Long maxOutput = request.maxOutput();
        boolean capped = request.extra().containsKey("max_completion_tokens")
                || request.extra().containsKey("max_tokens");
        if (maxOutput != null && !capped) {
            body.put("max_completion_tokens", maxOutput);
        }
        request.extra().forEach((name, value) -> {
            // Reasoning models refuse the older name, and every server the two together.
            if (!name.equals("max_tokens") || !request.extra().containsKey("max_completion_tokens")) {
                body.set(name, value);
            }
        });
        return body;
    }
}
