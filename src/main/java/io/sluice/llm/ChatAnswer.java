package io.sluice.llm;

import io.sluice.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a chat completion, whole or in pieces. */
final class ChatAnswer {

    private ChatAnswer() {}

    /**
     * @param tellsCost whether {@code usage.cost} is what the call cost, in dollars
     */
    static LlmResponse whole(JsonNode body, ProviderReply reply, @Nullable String requestId, boolean tellsCost) {
        JsonNode choice = body.path("choices").path(0);
        if (ProviderReply.isError(choice)) {
            // OpenRouter's place for what went wrong upstream (as of 2026-11).
            throw reply.failure(choice);
        }
        if (!choice.isObject()) {
            throw reply.unreadable("it has no choices");
        }
        JsonNode message = choice.path("message");
        return new LlmResponse(
                text(message.path("content")),
                toolCalls(message.path("tool_calls")),
                AnswerFields.string(choice.path("finish_reason")),
                usage(body.path("usage")),
                tellsCost ? AnswerFields.dollars(body.path("usage").path("cost")) : null,
                requestId,
                body);
    }

    /** The content as one text: itself, or the texts of its parts. */
    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.isString() ? content.stringValue() : "";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asString(""));
        }
        return text.toString();
    }

    private static List<LlmToolCall> toolCalls(JsonNode calls) {
        List<LlmToolCall> read = new ArrayList<>();
        for (JsonNode call : calls) {
            JsonNode function = call.path("function");
            String name = AnswerFields.string(function.path("name"));
            if (name != null) {
                read.add(new LlmToolCall(
                        AnswerFields.string(call.path("id")), name, AnswerFields.json(function.path("arguments"))));
            }
        }
        return read;
    }

    /** What is cached is part of the prompt, and reasoning of the completion (OpenAI's specification, 2026-11). */
    static TokenUsage usage(JsonNode usage) {
        JsonNode prompt = usage.path("prompt_tokens_details");
        return AnswerFields.usage(
                AnswerFields.tokens(usage.path("prompt_tokens")),
                AnswerFields.tokens(usage.path("completion_tokens")),
                AnswerFields.tokens(prompt.path("cached_tokens")),
                AnswerFields.tokens(prompt.path("cache_write_tokens")),
                AnswerFields.tokens(usage.path("completion_tokens_details").path("reasoning_tokens")));
    }
}
