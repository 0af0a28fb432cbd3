package io.sluice.llm.openai;

import io.sluice.llm.AnswerFields;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.LlmToolCall;
import io.sluice.llm.ProviderReply;
import io.sluice.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a response, whole or as a stream ends with it. */
final class ResponsesAnswer {

    private ResponsesAnswer() {}

    static LlmResponse whole(JsonNode body, ProviderReply reply) {
        checkStatus(body, reply);
        if (!body.path("output").isArray()) {
            throw reply.unreadable("it has no output");
        }
        StringBuilder text = new StringBuilder();
        List<LlmToolCall> toolCalls = new ArrayList<>();
        for (JsonNode item : body.path("output")) {
            String type = item.path("type").asString("");
            if (type.equals("message")) {
                item.path("content").forEach(part -> text.append(said(part)));
            }
            toolCalls.addAll(toolCalls(item));
        }
        return new LlmResponse(
                text.toString(), toolCalls, reason(body), usage(body), reply.header("x-request-id"), body);
    }

    /** The tool that an item asks for; none where it is something else. */
    static List<LlmToolCall> toolCalls(JsonNode item) {
        String name = AnswerFields.string(item.path("name"));
        if (!item.path("type").asString("").equals("function_call") || name == null) {
            return List.of();
        }
        return List.of(new LlmToolCall(
                AnswerFields.string(item.path("call_id")), name, AnswerFields.json(item.path("arguments"))));
    }

    private static String said(JsonNode part) {
        return part.path("type").asString("").equals("output_text")
                ? part.path("text").asString("")
                : "";
    }

    /** Sees to it that it came to an end and not to an error; its error may be null or missing even so. */
    static void checkStatus(JsonNode response, ProviderReply reply) {
        String status = response.path("status").asString("");
        if (status.equals("failed")) {
            throw reply.failure(response).withUsage(usage(response));
        }
        if (status.equals("cancelled")) {
            throw reply.refused(status, "the response was cancelled at the provider; ask again if it is still wanted")
                    .withUsage(usage(response));
        }
    }

    /** Why it is incomplete, or else its status. */
    static @Nullable String reason(JsonNode response) {
        String incomplete =
                AnswerFields.string(response.path("incomplete_details").path("reason"));
        return incomplete != null ? incomplete : AnswerFields.string(response.path("status"));
    }

    /** What is cached is part of the input, and reasoning of the output (OpenAI's specification, 2026-11). */
    static TokenUsage usage(JsonNode response) {
        JsonNode told = response.path("usage");
        JsonNode input = told.path("input_tokens_details");
        return AnswerFields.usage(
                AnswerFields.tokens(told.path("input_tokens")),
                AnswerFields.tokens(told.path("output_tokens")),
                AnswerFields.tokens(input.path("cached_tokens")),
                AnswerFields.tokens(input.path("cache_write_tokens")),
                AnswerFields.tokens(told.path("output_tokens_details").path("reasoning_tokens")));
    }
}
