package io.sluice.llm;

import io.sluice.model.TokenUsage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a model answered.
 *
 * @param text what it said; empty where it said nothing, such as when it asks for a tool
 * @param toolCalls what tools it asks for, in order
 * @param finishReason why it stopped, in the provider's word, such as {@code stop} or {@code length}, or the word for that it
 *     would not go on; null where it did not say
 * @param usage what the call used, as far as the provider said
 * @param requestId the provider's name for the exchange, for its support; null where it gave none
 * @param raw the whole answer, for what this record has no place for; must not be changed
 */
public record LlmResponse(
        String text,
        List<LlmToolCall> toolCalls,
        @Nullable String finishReason,
        TokenUsage usage,
        @Nullable String requestId,
        JsonNode raw) {

    public LlmResponse {
        Objects.requireNonNull(text, "text");
        toolCalls = List.copyOf(toolCalls);
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(raw, "raw");
    }

    /** An answer that asks for no tools. */
    public LlmResponse(
            String text, @Nullable String finishReason, TokenUsage usage, @Nullable String requestId, JsonNode raw) {
        this(text, List.of(), finishReason, usage, requestId, raw);
    }

    /** Everything but what was said. */
    @Override
    public String toString() {
        return "LlmResponse[finishReason=" + finishReason + ", usage=" + usage + ", requestId=" + requestId + "]";
    }
}
