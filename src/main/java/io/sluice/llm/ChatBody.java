package io.sluice.llm;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a request for a chat completion. */
final class ChatBody {

    private static final Set<String> CAPS = Set.of("max_completion_tokens", "max_tokens");

    private ChatBody() {}

    /**
     * For an answer as a whole, or in pieces, the last of which says what was used. A null among the extra fields leaves
     * {@code stream_options} out.
     *
     * @throws IllegalArgumentException if it asks for the other, or has no messages
     */
    static byte[] of(LlmRequest request, boolean streamed, ChatFlavour flavour) {
        ObjectNode body = RequestBody.begin(request, streamed);
        body.put("model", request.model());
        ArrayNode messages = body.putArray("messages");
        request.messages().forEach(message -> RequestBody.addMessage(messages, message));
        settings(body, request, flavour);
        request.extra().forEach((name, value) -> {
            // Reasoning models refuse the older name, and every server the two together.
            if (!name.equals("max_tokens") || !request.extra().containsKey("max_completion_tokens")) {
                body.set(name, value);
            }
        });
        if (streamed) {
            stream(body, flavour);
        }
        return RequestBody.bytes(body);
    }

    private static void settings(ObjectNode body, LlmRequest request, ChatFlavour flavour) {
        Long maxOutput = request.maxOutput();
        if (maxOutput != null && CAPS.stream().noneMatch(request.extra()::containsKey)) {
            body.put(flavour.cap(), maxOutput);
        }
        RequestBody.putTemperature(body, request);
        RequestBody.putTexts(body, "stop", request.stop());
        Long seed = request.seed();
        if (seed != null) {
            body.put(flavour.seed(), seed);
        }
        RequestBody.set(body, "tools", request.tools());
        RequestBody.set(body, "tool_choice", request.toolChoice());
        RequestBody.set(body, "metadata", request.metadata());
    }

    private static void stream(ObjectNode body, ChatFlavour flavour) {
        body.put("stream", true);
        JsonNode options = body.get("stream_options");
        if (options == null && flavour.asksForUsage()) {
            body.putObject("stream_options").put("include_usage", true);
        } else if (options != null && options.isNull()) {
            body.remove("stream_options");
        }
    }
}
