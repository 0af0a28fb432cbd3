package io.sluice.batch;

import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.support.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the lines of one input, in their order, in any of the formats of {@link BatchInput}. Whatever a line holds, it never
 * throws. Keeps a few bytes of each, to tell apart those with the same name. Not thread-safe.
 */
final class TaskReader {

    private static final String PATH = "/v1/chat/completions";
    private static final int MAX_ID = 512;
    private static final Set<String> CHAT_FIELDS = Set.of("custom_id", "model", "messages");
    private static final Set<String> PROMPT_FIELDS = Set.of("custom_id", "model", "prompt", "system");

    private final @Nullable String defaultModel;
    private final FingerprintTable occurrences = new FingerprintTable();

    /**
     * @param defaultModel the model of lines that name none, or null
     */
    TaskReader(@Nullable String defaultModel) {
        this.defaultModel = defaultModel;
    }

    BatchTask read(BatchLine line) {
        byte[] bytes = line.bytes();
        if (bytes == null) {
            return fault(
                    line,
                    null,
                    "the line has " + line.length() + " bytes, and at most " + LineReader.MAX_LINE + " are read");
        }
        JsonNode json;
        try {
            json = Json.read(bytes);
        } catch (JacksonException notJson) {
            return fault(line, null, "not JSON at column " + column(notJson) + ": " + reason(notJson));
        }
        if (!json.isObject()) {
            return fault(line, null, "expected a JSON object, found " + kind(json));
        }
        JsonNode name = json.path("custom_id");
        boolean named = !name.isMissingNode() && !name.isNull();
        if (named && !isUsable(name)) {
            return fault(line, null, "custom_id must be a text of at most " + MAX_ID + " characters");
        }
        String id = named ? name.asString() : null;
        try {
            return task(line, id, request(json), null);
        } catch (IllegalArgumentException refused) {
            return fault(line, id, String.valueOf(refused.getMessage()));
        }
    }

    private static boolean isUsable(JsonNode name) {
        return (name.isString() || name.isIntegralNumber()) && name.asString().length() <= MAX_ID;
    }

    private BatchTask fault(BatchLine line, @Nullable String name, String message) {
        return task(line, name, null, message);
    }

    private BatchTask task(
            BatchLine line, @Nullable String name, @Nullable LlmRequest request, @Nullable String fault) {
        String id = name == null ? line.nameOfContent() : name;
        int occurrence = occurrences.increment(Fingerprint.of(id));
        return new BatchTask(id, occurrence, line.number(), line.length(), request, fault);
    }

    private LlmRequest request(JsonNode json) {
        if (json.has("body")) {
            JsonNode method = json.path("method");
            if (method.isString() && !method.stringValue().equalsIgnoreCase("POST")) {
                throw new IllegalArgumentException("method must be POST");
            }
            JsonNode url = json.path("url");
            if (url.isString() && !url.stringValue().equals(PATH)) {
                throw new IllegalArgumentException("url must be " + PATH + ": other calls are not made");
            }
            JsonNode body = json.path("body");
            if (!body.isObject()) {
                throw new IllegalArgumentException("body must be an object, found " + kind(body));
            }
            return chat(body);
        }
        if (json.has("messages")) {
            return chat(json);
        }
        if (json.has("prompt")) {
            return prompt(json);
        }
        throw new IllegalArgumentException("expected one of the fields body, messages and prompt");
    }

    private LlmRequest chat(JsonNode body) {
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw new IllegalArgumentException("messages must be a list of at least one message");
        }
        LlmRequest.Builder request = LlmRequest.builder(model(body));
        for (JsonNode message : messages) {
            request.message(message(message));
        }
        return withFields(request, body, CHAT_FIELDS);
    }

    private LlmRequest prompt(JsonNode line) {
        LlmRequest.Builder request = LlmRequest.builder(model(line));
        JsonNode system = line.path("system");
        if (!system.isMissingNode()) {
            request.system(text("system", system));
        }
        request.user(text("prompt", line.path("prompt")));
        return withFields(request, line, PROMPT_FIELDS);
    }

    private static LlmRequest withFields(LlmRequest.Builder request, JsonNode body, Set<String> own) {
        if (body.path("stream").asBoolean(false)) {
            throw new IllegalArgumentException("stream must be false: a result holds whole answers");
        }
        for (Map.Entry<String, JsonNode> field : body.properties()) {
            if (!own.contains(field.getKey())) {
                request.extra(field.getKey(), field.getValue());
            }
        }
        return request.build();
    }

    private String model(JsonNode body) {
        JsonNode model = body.path("model");
        if (model.isMissingNode() || model.isNull()) {
            if (defaultModel == null) {
                throw new IllegalArgumentException("the line names no model, and no default was given");
            }
            return defaultModel;
        }
        String name = text("model", model);
        if (name.isBlank() || name.strip().equals("*")) {
            throw new IllegalArgumentException("model must be the name of a model");
        }
        return name;
    }

    private static LlmMessage message(JsonNode message) {
        if (!message.isObject()) {
            throw new IllegalArgumentException("each message must be an object, found " + kind(message));
        }
        JsonNode content = message.path("content");
        Map<String, JsonNode> extra = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : message.properties()) {
            if (!field.getKey().equals("role") && !field.getKey().equals("content")) {
                extra.put(field.getKey(), field.getValue());
            }
        }
        JsonNode sent = content.isMissingNode() ? Json.mapper().nullNode() : content;
        return new LlmMessage(text("role", message.path("role")), sent, extra);
    }

    private static String text(String field, JsonNode value) {
        if (!value.isString()) {
            throw new IllegalArgumentException(
                    value.isMissingNode() ? field + " is missing" : field + " must be a text, found " + kind(value));
        }
        return value.stringValue();
    }

    private static int column(JacksonException error) {
        return error.getLocation() == null ? 1 : Math.max(1, error.getLocation().getColumnNr());
    }

    /** The parser's own words without the place, which it counts in bytes, and without what it read. */
    private static String reason(JacksonException error) {
        return error.getOriginalMessage().lines().findFirst().orElse("malformed");
    }

    private static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case MISSING -> "nothing";
        };
    }
}
