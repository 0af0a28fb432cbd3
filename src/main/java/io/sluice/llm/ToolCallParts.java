package io.sluice.llm;

import io.sluice.support.Internal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/**
 * The tool calls of a stream, whose arguments come in pieces, several of them interleaved. Each has a place, the provider's
 * number for it. Not thread-safe.
 */
@Internal
public final class ToolCallParts {

    private static final class Part {

        private @Nullable String id;
        private @Nullable String name;
        private final StringBuilder arguments = new StringBuilder();
    }

    private final Map<Integer, Part> parts = new LinkedHashMap<>();
    private long length;

    /** What became known of a call; null for what did not. */
    public void about(int place, @Nullable String id, @Nullable String name) {
        Part part = parts.computeIfAbsent(place, unused -> new Part());
        part.id = id == null ? part.id : id;
        part.name = name == null ? part.name : name;
    }

    /**
     * More of the arguments of a call.
     *
     * @throws EventTooLargeException if all that are kept are longer than an event may be
     */
    public void argument(int place, String more) {
        length += more.length();
        if (length > ServerSentEvents.MAX_EVENT) {
            throw new EventTooLargeException(ServerSentEvents.MAX_EVENT);
        }
        parts.computeIfAbsent(place, unused -> new Part()).arguments.append(more);
    }

    /** The call at a place, now that it is whole, or none where there is none; it is forgotten here. */
    public List<LlmToolCall> end(int place) {
        Part part = parts.remove(place);
        if (part == null || part.name == null) {
            return List.of();
        }
        length -= part.arguments.length();
        return List.of(
                new LlmToolCall(part.id, part.name, AnswerFields.json(StringNode.valueOf(part.arguments.toString()))));
    }

    /** All calls that are kept, now that they are whole, in the order in which they began. */
    public List<LlmToolCall> endAll() {
        List<LlmToolCall> calls = new ArrayList<>();
        for (Integer place : List.copyOf(parts.keySet())) {
            calls.addAll(end(place));
        }
        return calls;
    }
}
