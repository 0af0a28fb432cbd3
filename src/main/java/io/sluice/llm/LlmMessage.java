package io.sluice.llm;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/**
 * One message of a conversation, in the provider's own terms. The nodes are shared, not copied: do not change them.
 *
 * @param role such as {@code user}
 * @param content a string, or the provider's list of parts
 * @param extra further fields of the message, such as {@code tool_call_id}; in order, without role and content
 */
public record LlmMessage(String role, JsonNode content, Map<String, JsonNode> extra) {

    /**
     * @throws IllegalArgumentException if the role is blank, or {@code extra} holds role or content
     */
    public LlmMessage {
        Objects.requireNonNull(content, "content");
        if (role.isBlank()) {
            throw new IllegalArgumentException("a message needs a role, such as user");
        }
        if (extra.containsKey("role") || extra.containsKey("content")) {
            throw new IllegalArgumentException("role and content of a message are not extra fields of it");
        }
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** A message of plain text. */
    public static LlmMessage of(String role, String text) {
        return of(role, StringNode.valueOf(text));
    }

    /** A message of the provider's own parts. */
    public static LlmMessage of(String role, JsonNode content) {
        return new LlmMessage(role, content, Map.of());
    }

    /** The role alone; what was said stays out of logs. */
    @Override
    public String toString() {
        return "LlmMessage[role=" + role + "]";
    }
}
