package io.sluice.simulator;

import io.sluice.support.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads a request for a chat completion. */
final class OpenAiCall {

    /** The cap of a request that names none, in tokens. */
    static final long DEFAULT_CAP = 256;

    private OpenAiCall() {}

    /** The call in the body, or the 400 that it deserves. */
    static ReadCall of(byte[] bytes) {
        JsonNode body;
        try {
            body = Json.read(bytes);
        } catch (JacksonException notJson) {
            return OpenAiErrors.malformed();
        }
        if (!body.isObject()) {
            return OpenAiErrors.malformed();
        }
        String model = CallFields.model(body);
        if (model == null) {
            return OpenAiErrors.invalid(400, null, "model", "you must provide a model parameter");
        }
        JsonNode messages = body.path("messages");
        if (messages.isMissingNode() || messages.isNull()) {
            return OpenAiErrors.invalid(
                    400, "missing_required_parameter", "messages", "Missing required parameter: 'messages'.");
        }
        if (!CallFields.areMessages(messages)) {
            return OpenAiErrors.invalidValue("messages", "'messages' must be a list of one or more messages.");
        }
        JsonNode cap = cap(body);
        if (!cap.isMissingNode() && !CallFields.isCap(cap)) {
            return OpenAiErrors.invalidValue(
                    "max_completion_tokens", "The cap of the output must be an integer of at least 1.");
        }
        return new ChatCall(
                body,
                model,
                PromptTokens.of(messages),
                cap.isMissingNode() ? DEFAULT_CAP : cap.longValue(),
                body.path("stream").asBoolean(false),
                body.path("stream_options").path("include_usage").asBoolean(false),
                CallFields.text(body.path("user")));
    }

    private static JsonNode cap(JsonNode body) {
        JsonNode cap = body.path("max_completion_tokens");
        JsonNode found = cap.isMissingNode() || cap.isNull() ? body.path("max_tokens") : cap;
        return found.isNull() ? OpenAiDialect.MAPPER.missingNode() : found;
    }
}
