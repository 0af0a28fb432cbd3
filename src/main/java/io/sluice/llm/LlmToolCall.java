package io.sluice.llm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tool that the model asks for.
 *
 * @param id the provider's name for this call, which its result refers to; null where it has none
 * @param name the tool
 * @param arguments an object as a rule; what the model wrote, as a string, where that is no JSON. Must not be changed
 */
public record LlmToolCall(@Nullable String id, String name, JsonNode arguments) {

    public LlmToolCall {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(arguments, "arguments");
    }

    /** Id and name; the arguments stay out of logs. */
    @Override
    public String toString() {
        return "LlmToolCall[id=" + id + ", name=" + name + "]";
    }
}
