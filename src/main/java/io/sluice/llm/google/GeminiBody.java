package io.sluice.llm.google;

import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.RequestBody;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a request for generated content. The model stands in the address, not here. */
final class GeminiBody {

    private static final String GENERATION = "generationConfig";

    private GeminiBody() {}

    /**
     * The same for both kinds of answer.
     *
     * @throws IllegalArgumentException if it asks for the other kind, or has nothing but instructions
     */
    static byte[] of(LlmRequest request, boolean streamed) {
        ObjectNode body = RequestBody.begin(request, streamed);
        ArrayNode contents = body.putArray("contents");
        for (LlmMessage message : request.messages()) {
            if (!RequestBody.isInstruction(message)) {
                ObjectNode one = contents.addObject();
                one.put("role", message.role().equals("assistant") ? "model" : message.role());
                addParts(one.putArray("parts"), message.content());
                message.extra().forEach(one::set);
            }
        }
        if (contents.isEmpty()) {
            throw new IllegalArgumentException("a request needs at least one message that is no instruction");
        }
        List<JsonNode> instructions = RequestBody.instructions(request);
        if (!instructions.isEmpty()) {
            ArrayNode parts = body.putObject("systemInstruction").putArray("parts");
            instructions.forEach(instruction -> addParts(parts, instruction));
        }
        RequestBody.set(body, "tools", request.tools());
        RequestBody.set(body, "toolConfig", request.toolChoice());
        ObjectNode generation = generation(body.objectNode(), request);
        request.extra().forEach((name, value) -> {
            if (!name.equals(GENERATION) && !name.equals("stream")) {
                body.set(name, value);
            }
        });
        if (!generation.isEmpty()) {
            body.set(GENERATION, generation);
        }
        return RequestBody.bytes(body);
    }

    private static void addParts(ArrayNode parts, JsonNode content) {
        if (content.isArray()) {
            content.forEach(parts::add);
        } else if (content.isObject()) {
            parts.add(content);
        } else if (content.isString()) {
            parts.addObject().set("text", content);
        }
    }

    /** The settings, and over them those of the caller's own. */
    private static ObjectNode generation(ObjectNode generation, LlmRequest request) {
        Long cap = request.maxOutput();
        if (cap != null) {
            generation.put("maxOutputTokens", cap);
        }
        RequestBody.putTemperature(generation, request);
        RequestBody.putTexts(generation, "stopSequences", request.stop());
        Long seed = request.seed();
        if (seed != null) {
            generation.put("seed", seed);
        }
        JsonNode own = request.extra().get(GENERATION);
        if (own != null) {
            own.properties().forEach(field -> generation.set(field.getKey(), field.getValue()));
        }
        return generation;
    }
}
