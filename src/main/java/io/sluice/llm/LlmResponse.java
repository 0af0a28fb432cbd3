package io.sluice.llm;

import io.sluice.model.TokenUsage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a model answered.
 *
 * @param text what it said; empty where it said nothing, such as when it asks for a tool
 * @param finishReason why it stopped, in the provider's word, such as {@code stop} or {@code length}; null where it did not say
 * @param usage what the call used, as far as the provider said
 * @param requestId the provider's name for the exchange, for its support; null where it gave none
 * @param raw the whole answer, for what this record has no place for; must not be changed
 */
public record LlmResponse(
        String text,
        @Nullable String finishReason,
        TokenUsage usage,
        @Nullable String requestId,
        JsonNode raw) {

    public LlmResponse {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(raw, "raw");
    }

    /** Everything but what was said. */
    @Override
    public String toString() {
        return "LlmResponse[finishReason=" + finishReason + ", usage=" + usage + ", requestId=" + requestId + "]";
    }
}
