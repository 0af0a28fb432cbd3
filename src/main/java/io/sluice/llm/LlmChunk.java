package io.sluice.llm;

import io.sluice.model.TokenUsage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A piece of a streamed answer.
 *
 * @param text what the model says next; empty in pieces that say something else
 * @param finishReason why it stopped, in the provider's word, such as {@code stop} or {@code length}; null in pieces that do
 *     not say it
 * @param usage what the call has used up to here, as far as the provider said; null in pieces that do not say it. Each takes
 *     the place of those before
 * @param requestId the provider's name for the exchange, for its support; null where it gave none
 * @param raw the whole piece, for what this record has no place for, such as tool calls; must not be changed
 */
public record LlmChunk(
        String text,
        @Nullable String finishReason,
        @Nullable TokenUsage usage,
        @Nullable String requestId,
        JsonNode raw) {

    public LlmChunk {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(raw, "raw");
    }

    /** Everything but what was said. */
    @Override
    public String toString() {
        return "LlmChunk[finishReason=" + finishReason + ", usage=" + usage + ", requestId=" + requestId + "]";
    }
}
