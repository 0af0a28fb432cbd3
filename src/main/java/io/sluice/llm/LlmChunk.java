package io.sluice.llm;

import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A piece of a streamed answer.
 *
 * @param text what the model says next; empty in pieces that say something else
 * @param toolCalls the tools that the model asks for, each whole, in the piece that makes it so; empty in all others
 * @param finishReason why it stopped, in the provider's word, such as {@code stop} or {@code length}; null in pieces that do
 *     not say it
 * @param usage what the call has used up to here, as far as the provider said; null in pieces that do not say it. Each takes
 *     the place of those before
 * @param cost what the call has cost up to here, as with {@link LlmResponse#cost()}; null in pieces that do not say it
 * @param requestId the provider's name for the exchange, for its support; null where it gave none
 * @param raw the whole piece, for what this record has no place for, such as thoughts; must not be changed
 */
public record LlmChunk(
        String text,
        List<LlmToolCall> toolCalls,
        @Nullable String finishReason,
        @Nullable TokenUsage usage,
        @Nullable Money cost,
        @Nullable String requestId,
        JsonNode raw) {

    public LlmChunk {
        Objects.requireNonNull(text, "text");
        toolCalls = List.copyOf(toolCalls);
        Objects.requireNonNull(raw, "raw");
    }

    /** A piece that makes no tool call whole, and of which nobody said what it cost. */
    public LlmChunk(
            String text,
            @Nullable String finishReason,
            @Nullable TokenUsage usage,
            @Nullable String requestId,
            JsonNode raw) {
        this(text, List.of(), finishReason, usage, null, requestId, raw);
    }

    /** The same piece with tools that it asks for. */
    public LlmChunk withToolCalls(List<LlmToolCall> toolCalls) {
        return new LlmChunk(text, toolCalls, finishReason, usage, cost, requestId, raw);
    }

    /** The same piece at a cost. */
    public LlmChunk withCost(@Nullable Money cost) {
        return new LlmChunk(text, toolCalls, finishReason, usage, cost, requestId, raw);
    }

    /** Everything but what was said. */
    @Override
    public String toString() {
        return "LlmChunk[finishReason=" + finishReason + ", usage=" + usage + ", cost=" + cost + ", requestId="
                + requestId + "]";
    }
}
