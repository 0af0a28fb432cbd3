package io.sluice.simulator;

import io.sluice.support.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request for a chat completion that can be worked on.
 *
 * @param body all of it
 * @param model the model it names
 * @param promptTokens what its prompt counts as
 * @param cap the most tokens that it may be answered with
 * @param user its {@code user} field; null where it has none
 */
record ChatCall(
        JsonNode body,
        String model,
        long promptTokens,
        long cap,
        @Nullable String user) implements ReadCall {

    static final JsonMapper MAPPER = Json.mapper();

    /** The cap of a request that names none, in tokens. */
    static final long DEFAULT_CAP = 256;

    private static final int MAX_MODEL_NAME = 200;
    private static final long MAX_CAP = Integer.MAX_VALUE;

    /** The call in the body, or the 400 that it deserves. */
    static ReadCall of(byte[] bytes) {
        JsonNode body;
        try {
            body = Json.read(bytes);
        } catch (JacksonException notJson) {
            return malformed();
        }
        if (!body.isObject()) {
            return malformed();
        }
        JsonNode model = body.path("model");
        if (!model.isString()
                || model.stringValue().isBlank()
                || model.stringValue().length() > MAX_MODEL_NAME) {
            return ApiError.invalid(400, null, "model", "you must provide a model parameter");
        }
        JsonNode messages = body.path("messages");
        if (messages.isMissingNode() || messages.isNull()) {
            return ApiError.invalid(
                    400, "missing_required_parameter", "messages", "Missing required parameter: 'messages'.");
        }
        if (!messages.isArray() || messages.isEmpty() || !onlyObjects(messages)) {
            return invalidValue("messages", "'messages' must be a list of one or more messages.");
        }
        if (body.path("stream").asBoolean(false)) {
            return invalidValue("stream", "This simulator does not stream; leave 'stream' out.");
        }
        JsonNode cap = cap(body);
        boolean valid = cap.isMissingNode()
                || (cap.isIntegralNumber()
                        && cap.canConvertToLong()
                        && cap.longValue() >= 1
                        && cap.longValue() <= MAX_CAP);
        if (!valid) {
            return invalidValue("max_completion_tokens", "The cap of the output must be an integer of at least 1.");
        }
        JsonNode user = body.path("user");
        return new ChatCall(
                body,
                model.stringValue(),
                PromptTokens.of(messages),
                cap.isMissingNode() ? DEFAULT_CAP : cap.longValue(),
                user.isString() ? user.stringValue() : null);
    }

    /** What the call is charged on arrival. */
    long charge() {
        return promptTokens + cap;
    }

    private static JsonNode cap(JsonNode body) {
        JsonNode cap = body.path("max_completion_tokens");
        JsonNode found = cap.isMissingNode() || cap.isNull() ? body.path("max_tokens") : cap;
        return found.isNull() ? MAPPER.missingNode() : found;
    }

    private static boolean onlyObjects(JsonNode messages) {
        for (JsonNode message : messages) {
            if (!message.isObject()) {
                return false;
            }
        }
        return true;
    }

    private static ApiError malformed() {
        return ApiError.invalid(
                400,
                null,
                null,
                "We could not parse the JSON body of your request. The API expects a JSON payload, but what was sent was not valid JSON.");
    }

    private static ApiError invalidValue(String param, String message) {
        return ApiError.invalid(400, "invalid_value", param, message);
    }
}
