package io.sluice.llm;

import io.sluice.model.TokenUsage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Reads the chunks of a chat completion. */
final class ChatReader implements StreamReader {

    private final @Nullable String requestId;
    private final boolean tellsCost;
    private final ToolCallParts toolCalls = new ToolCallParts();
    private boolean stopped;
    /** Of the tool call that was told of last. */
    private int place = -1;

    /**
     * @param tellsCost whether {@code usage.cost} is what the call cost, in dollars
     */
    ChatReader(@Nullable String requestId, boolean tellsCost) {
        this.requestId = requestId;
        this.tellsCost = tellsCost;
    }

    @Override
    public LlmChunk read(@Nullable String name, JsonNode data) {
        JsonNode choice = first(data.path("choices"));
        String finishReason = AnswerFields.string(choice.path("finish_reason"));
        stopped |= finishReason != null;
        choice.path("delta").path("tool_calls").forEach(this::toolCall);
        TokenUsage usage = AnswerFields.known(ChatAnswer.usage(data.path("usage")));
        return new LlmChunk(
                ChatAnswer.text(choice.path("delta").path("content")),
                finishReason == null ? List.of() : toolCalls.endAll(),
                finishReason,
                // Groq's place for it (as of 2026-11).
                usage != null
                        ? usage
                        : AnswerFields.known(
                                ChatAnswer.usage(data.path("x_groq").path("usage"))),
                tellsCost ? AnswerFields.dollars(data.path("usage").path("cost")) : null,
                requestId,
                data);
    }

    /** A tool is named in the piece that begins it; its arguments follow, a few characters at a time. */
    private void toolCall(JsonNode part) {
        String id = AnswerFields.string(part.path("id"));
        if (part.path("index").isIntegralNumber()) {
            place = part.path("index").asInt(0);
        } else if (id != null) {
            // A server that does not number them tells one after the other.
            place++;
        }
        JsonNode function = part.path("function");
        String name = AnswerFields.string(function.path("name"));
        toolCalls.about(place, id, name == null || name.isEmpty() ? null : name);
        JsonNode arguments = function.path("arguments");
        // Servers that do not stream them may send an object.
        toolCalls.argument(place, arguments.isContainer() ? arguments.toString() : arguments.asString(""));
    }

    /** Of several answers in one stream the first. */
    private static JsonNode first(JsonNode choices) {
        for (JsonNode choice : choices) {
            if (choice.path("index").asInt(0) == 0) {
                return choice;
            }
        }
        return MissingNode.getInstance();
    }

    @Override
    public boolean isWhole() {
        return stopped;
    }

    /** The usage comes after the reason to stop. */
    @Override
    public boolean isOver() {
        return false;
    }
}
