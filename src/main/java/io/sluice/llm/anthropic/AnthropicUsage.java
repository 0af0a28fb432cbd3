package io.sluice.llm.anthropic;

import io.sluice.llm.AnswerFields;
import io.sluice.model.TokenUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What one answer says that it used. Each number is of the whole call, so that a later one takes the place of an earlier;
 * what comes from the cache and what goes into it are beside the input and not within it (Anthropic's API reference,
 * 2026-11).
 */
final class AnthropicUsage {

    private static final String INPUT = "input_tokens";
    private static final String READ = "cache_read_input_tokens";
    private static final String WRITTEN = "cache_creation_input_tokens";
    private static final String FOR_AN_HOUR = "ephemeral_1h_input_tokens";
    private static final String OUTPUT = "output_tokens";
    private static final String THINKING = "thinking_tokens";

    private final Map<String, Long> told = new LinkedHashMap<>();

    /** The beginning of a stream: the number of its output is provisional, and says nothing of what will be said. */
    void begins(JsonNode usage) {
        tell(INPUT, usage);
        tell(READ, usage);
        tell(WRITTEN, usage);
        tell(FOR_AN_HOUR, usage.path("cache_creation"));
    }

    /** All that is told. */
    AnthropicUsage tells(JsonNode usage) {
        begins(usage);
        tell(OUTPUT, usage);
        tell(THINKING, usage.path("output_tokens_details"));
        return this;
    }

    private void tell(String name, JsonNode usage) {
        long tokens = AnswerFields.tokens(usage.path(name));
        if (tokens >= 0) {
            told.put(name, tokens);
        }
    }

    TokenUsage total() {
        long read = told.getOrDefault(READ, 0L);
        long written = told.getOrDefault(WRITTEN, 0L);
        Long uncached = told.get(INPUT);
        TokenUsage usage = AnswerFields.usage(
                uncached == null ? -1 : uncached + read + written,
                told.getOrDefault(OUTPUT, -1L),
                read,
                written,
                told.getOrDefault(THINKING, -1L));
        // Not where the parts contradict the sides, so that these were left out.
        return usage.withCacheForAnHour(Math.min(told.getOrDefault(FOR_AN_HOUR, 0L), usage.cacheWritten()));
    }
}
