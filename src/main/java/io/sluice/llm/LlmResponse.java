package io.sluice.llm;

import io.sluice.model.Money;
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
 * @param cost what the call cost: as the provider said, or else by a price of {@link GovernedLlm}; null where neither is known
 * @param requestId the provider's name for the exchange, for its support; null where it gave none
 * @param raw the whole answer, for what this record has no place for; must not be changed
 */
public record LlmResponse(
        String text,
        List<LlmToolCall> toolCalls,
        @Nullable String finishReason,
        TokenUsage usage,
        @Nullable Money cost,
        @Nullable String requestId,
        JsonNode raw) {

    public LlmResponse {
        Objects.requireNonNull(text, "text");
        toolCalls = List.copyOf(toolCalls);
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(raw, "raw");
    }

    /** An answer of which nobody said what it cost. */
    public LlmResponse(
            String text,
            List<LlmToolCall> toolCalls,
            @Nullable String finishReason,
            TokenUsage usage,
            @Nullable String requestId,
            JsonNode raw) {
        this(text, toolCalls, finishReason, usage, null, requestId, raw);
    }

    /** An answer that asks for no tools. */
    public LlmResponse(
            String text, @Nullable String finishReason, TokenUsage usage, @Nullable String requestId, JsonNode raw) {
        this(text, List.of(), finishReason, usage, null, requestId, raw);
    }

    /** The same answer at a cost. */
    public LlmResponse withCost(@Nullable Money cost) {
        return new LlmResponse(text, toolCalls, finishReason, usage, cost, requestId, raw);
    }

    /** Everything but what was said. */
    @Override
    public String toString() {
        return "LlmResponse[finishReason=" + finishReason + ", usage=" + usage + ", cost=" + cost + ", requestId="
                + requestId + "]";
    }
}
