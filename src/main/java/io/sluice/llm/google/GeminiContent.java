package io.sluice.llm.google;

import io.sluice.llm.AnswerFields;
import io.sluice.llm.LlmToolCall;
import io.sluice.llm.ProviderReply;
import io.sluice.model.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What stands in one object of generated content, of which a stream has several. */
record GeminiContent(JsonNode body, JsonNode candidate) {

    /** Of several answers the first. */
    static GeminiContent of(JsonNode body) {
        JsonNode candidates = body.path("candidates");
        for (JsonNode candidate : candidates) {
            if (candidate.path("index").asInt(0) == 0) {
                return new GeminiContent(body, candidate);
            }
        }
        return new GeminiContent(body, MissingNode.getInstance());
    }

    boolean isEmpty() {
        return !candidate.isObject();
    }

    /**
     * Sees to it that the prompt was not refused, which comes at status 200 and without an answer (Google's API
     * reference, 2026-11).
     */
    void checkPrompt(ProviderReply reply) {
        String reason = AnswerFields.string(body.path("promptFeedback").path("blockReason"));
        if (reason != null && isEmpty()) {
            throw reply.refused(reason, "the provider refuses the prompt (" + reason + "); change it, and ask again")
                    .withUsage(usage());
        }
    }

    /** What it says; thoughts are left out. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (JsonNode part : parts()) {
            if (!part.path("thought").asBoolean(false)) {
                text.append(part.path("text").asString(""));
            }
        }
        return text.toString();
    }

    List<LlmToolCall> toolCalls() {
        List<LlmToolCall> calls = new ArrayList<>();
        for (JsonNode part : parts()) {
            JsonNode call = part.path("functionCall");
            String name = AnswerFields.string(call.path("name"));
            if (name != null) {
                calls.add(
                        new LlmToolCall(AnswerFields.string(call.path("id")), name, AnswerFields.object(call, "args")));
            }
        }
        return calls;
    }

    private JsonNode parts() {
        return candidate.path("content").path("parts");
    }

    @Nullable
    String finishReason() {
        return AnswerFields.string(candidate.path("finishReason"));
    }

    /** The answer names itself; there is no header for it but those of gateways. */
    @Nullable
    String id(ProviderReply reply) {
        String responseId = AnswerFields.string(body.path("responseId"));
        return responseId != null ? responseId : reply.header("x-request-id");
    }

    /**
     * The prompt includes what was cached, and what tools added to it is beside it; the candidates do not include the
     * thoughts (Google's API reference, 2026-11).
     */
    TokenUsage usage() {
        JsonNode told = body.path("usageMetadata");
        long prompt = AnswerFields.tokens(told.path("promptTokenCount"));
        long tools = Math.max(0, AnswerFields.tokens(told.path("toolUsePromptTokenCount")));
        long said = AnswerFields.tokens(told.path("candidatesTokenCount"));
        long thought = AnswerFields.tokens(told.path("thoughtsTokenCount"));
        long output = said < 0 && thought < 0 ? -1 : Math.max(0, said) + Math.max(0, thought);
        return AnswerFields.usage(
                prompt < 0 ? -1 : prompt + tools,
                output,
                AnswerFields.tokens(told.path("cachedContentTokenCount")),
                -1,
                thought);
    }
}
