package io.sluice.llm.claudecode;

import io.sluice.llm.AnswerFields;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmResponse;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads what the program says, a line at a time (SDK of August 2026). Kinds of lines that nobody knows are passed over. */
final class ClaudeCodeLines {

    private static final Set<String> TOLD = Set.of("system", "assistant", "user", "stream_event", "rate_limit_event");

    /** More than a run has turns; beyond it the input of the others is not counted until the end. */
    private static final int MOST_MESSAGES = 1_000;

    private final Map<String, Long> inputs = new LinkedHashMap<>();
    private boolean partial;
    private @Nullable JsonNode result;

    /** A line as an object; null where it is none. Of a list, as older programs print, the last object. */
    static @Nullable JsonNode object(byte[] line) {
        try {
            JsonNode read = Json.read(line);
            JsonNode last = read.isArray() && !read.isEmpty() ? read.get(read.size() - 1) : read;
            return last.isObject() ? last : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /** The line that a run ends with, once it is here. */
    @Nullable
    JsonNode result() {
        return result;
    }

    /** Whether the model has begun to answer. */
    static boolean isAnswer(JsonNode line) {
        return switch (line.path("type").asString("")) {
            case "assistant", "stream_event", "result" -> true;
            default -> false;
        };
    }

    /** What a line says; null if it says nothing, or is the last. */
    @Nullable
    LlmChunk read(JsonNode line) {
        String type = line.path("type").asString("");
        if (type.equals("result")) {
            result = line;
            return null;
        }
        if (!TOLD.contains(type)) {
            return null;
        }
        String text = text(type, line);
        TokenUsage usage = type.equals("assistant") ? input(line.path("message")) : null;
        return new LlmChunk(text, null, usage, session(line), line);
    }

    /** What agents below say is work, and not the answer. */
    private String text(String type, JsonNode line) {
        if (line.path("parent_tool_use_id").isString()) {
            return "";
        }
        if (type.equals("stream_event")) {
            partial = true;
            JsonNode delta = line.path("event").path("delta");
            return delta.path("type").asString("").equals("text_delta")
                    ? delta.path("text").asString("")
                    : "";
        }
        StringBuilder text = new StringBuilder();
        if (type.equals("assistant") && !partial) {
            for (JsonNode block : line.path("message").path("content")) {
                text.append(
                        block.path("type").asString("").equals("text")
                                ? block.path("text").asString("")
                                : "");
            }
        }
        return text.toString();
    }

    /** The input of all messages until now; their output is provisional. A message is told once for each of its blocks. */
    private @Nullable TokenUsage input(JsonNode message) {
        JsonNode usage = message.path("usage");
        long input = AnswerFields.tokens(usage.path("input_tokens"));
        if (input < 0) {
            return null;
        }
        input += Math.max(0, AnswerFields.tokens(usage.path("cache_read_input_tokens")));
        input += Math.max(0, AnswerFields.tokens(usage.path("cache_creation_input_tokens")));
        if (inputs.size() < MOST_MESSAGES) {
            inputs.put(message.path("id").asString(""), input);
        }
        return TokenUsage.input(
                inputs.values().stream().mapToLong(Long::longValue).sum());
    }

    /** The answer that a result is. */
    static LlmResponse response(JsonNode result) {
        String reason = AnswerFields.string(result.path("stop_reason"));
        return new LlmResponse(
                result.path("result").asString(""),
                List.of(),
                reason != null ? reason : AnswerFields.string(result.path("subtype")),
                usage(result),
                AnswerFields.dollars(result.path("total_cost_usd")),
                session(result),
                result);
    }

    /** What all models used, those of agents below too; where that is not told, what the main one did. */
    static TokenUsage usage(JsonNode result) {
        JsonNode models = result.path("modelUsage");
        if (models.isEmpty()) {
            JsonNode usage = result.path("usage");
            return usage(
                    AnswerFields.tokens(usage.path("input_tokens")),
                    AnswerFields.tokens(usage.path("cache_read_input_tokens")),
                    AnswerFields.tokens(usage.path("cache_creation_input_tokens")),
                    AnswerFields.tokens(usage.path("output_tokens")));
        }
        long[] sums = new long[4];
        for (JsonNode model : models) {
            sums[0] += Math.max(0, AnswerFields.tokens(model.path("inputTokens")));
            sums[1] += Math.max(0, AnswerFields.tokens(model.path("cacheReadInputTokens")));
            sums[2] += Math.max(0, AnswerFields.tokens(model.path("cacheCreationInputTokens")));
            sums[3] += Math.max(0, AnswerFields.tokens(model.path("outputTokens")));
        }
        return usage(sums[0], sums[1], sums[2], sums[3]);
    }

    /** As at Anthropic, what came from a cache and what went into it are beside the input. */
    private static TokenUsage usage(long uncached, long read, long written, long output) {
        long input = uncached < 0 ? -1 : uncached + Math.max(0, read) + Math.max(0, written);
        return AnswerFields.usage(input, output, read, written, -1);
    }

    private static @Nullable String session(JsonNode line) {
        return AnswerFields.string(line.path("session_id"));
    }
}
