package io.sluice.simulator;

import io.sluice.support.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads a request for a message. */
final class AnthropicCall {

    private AnthropicCall() {}

    /** The call in the request, or the 400 that it deserves. */
    static ReadCall of(SimulatedRequest request) {
        if (request.header("anthropic-version") == null) {
            return AnthropicErrors.invalid("anthropic-version: header is required");
        }
        JsonNode body;
        try {
            body = Json.read(request.body());
        } catch (JacksonException notJson) {
            return AnthropicErrors.invalid("The request body is not valid JSON.");
        }
        if (!body.isObject()) {
            return AnthropicErrors.invalid("The request body is not a JSON object.");
        }
        String model = CallFields.model(body);
        if (model == null) {
            return AnthropicErrors.invalid("model: Field required");
        }
        JsonNode cap = body.path("max_tokens");
        if (cap.isMissingNode() || cap.isNull()) {
            return AnthropicErrors.invalid("max_tokens: Field required");
        }
        if (!CallFields.isCap(cap)) {
            return AnthropicErrors.invalid("max_tokens: must be greater than or equal to 1");
        }
        JsonNode messages = body.path("messages");
        if (messages.isMissingNode() || messages.isNull()) {
            return AnthropicErrors.invalid("messages: Field required");
        }
        if (!CallFields.areMessages(messages)) {
            return AnthropicErrors.invalid("messages: at least one message is required");
        }
        return new ChatCall(
                body,
                model,
                PromptTokens.of(messages) + PromptTokens.ofText(body.path("system")),
                cap.longValue(),
                body.path("stream").asBoolean(false),
                true,
                CallFields.text(body.path("metadata").path("user_id")));
    }
}
