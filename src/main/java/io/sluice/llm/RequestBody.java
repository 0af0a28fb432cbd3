package io.sluice.llm;

import io.sluice.support.Internal;
import io.sluice.support.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the bodies of all providers have in common. */
@Internal
public final class RequestBody {

    private static final JsonMapper MAPPER = Json.mapper();

    /** Who speaks for whoever wrote the program; providers that know no such role have a place beside the messages. */
    private static final Set<String> INSTRUCTING = Set.of("system", "developer");

    private RequestBody() {}

    /**
     * An empty body.
     *
     * @throws IllegalArgumentException if there are no messages, or the extra fields ask for the other kind of answer
     */
    public static ObjectNode begin(LlmRequest request, boolean streamed) {
        JsonNode stream = request.extra().get("stream");
        if (stream != null && stream.asBoolean(streamed) != streamed) {
            throw new IllegalArgumentException(
                    streamed
                            ? "stream: false cannot be streamed; leave the field out"
                            : "stream: true cannot be executed as one answer; leave the field out");
        }
        if (request.messages().isEmpty()) {
            throw new IllegalArgumentException("a request needs at least one message");
        }
        return MAPPER.createObjectNode();
    }

    /** Whether a message is an instruction to the model and no part of the conversation. */
    public static boolean isInstruction(LlmMessage message) {
        return INSTRUCTING.contains(message.role());
    }

    /** What the instructions say, each as one text or as the provider's parts, in order. */
    public static List<JsonNode> instructions(LlmRequest request) {
        List<JsonNode> instructions = new ArrayList<>();
        for (LlmMessage message : request.messages()) {
            if (isInstruction(message)) {
                instructions.add(message.content());
            }
        }
        return instructions;
    }

    /** Adds a message in the usual form: role, content, and what else it has. */
    public static void addMessage(ArrayNode messages, LlmMessage message) {
        ObjectNode one = messages.addObject();
        one.put("role", message.role());
        one.set("content", message.content());
        message.extra().forEach(one::set);
    }

    /** Adds a list of texts, unless it is empty. */
    public static void putTexts(ObjectNode body, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode list = body.putArray(name);
            texts.forEach(list::add);
        }
    }

    /** Sets a field, unless there is nothing to set. */
    public static void set(ObjectNode body, String name, @Nullable JsonNode value) {
        if (value != null) {
            body.set(name, value);
        }
    }

    /** Sets the temperature, unless the request leaves it to the provider. */
    public static void putTemperature(ObjectNode body, LlmRequest request) {
        Double temperature = request.temperature();
        if (temperature != null) {
            body.put("temperature", temperature);
        }
    }

    /** As it is sent. */
    public static byte[] bytes(ObjectNode body) {
        return MAPPER.writeValueAsBytes(body);
    }
}
