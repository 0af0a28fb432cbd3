package io.sluice.llm;

import io.sluice.model.TokenUsage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Reads the chunks of a chat completion. */
final class ChatReader implements StreamReader {

    private final @Nullable String requestId;
    private boolean stopped;

    ChatReader(@Nullable String requestId) {
        this.requestId = requestId;
    }

    @Override
    public LlmChunk read(@Nullable String name, JsonNode data) {
        JsonNode choice = first(data.path("choices"));
        String finishReason = AnswerFields.string(choice.path("finish_reason"));
        stopped |= finishReason != null;
        TokenUsage usage = AnswerFields.known(ChatAnswer.usage(data.path("usage")));
        return new LlmChunk(
                ChatAnswer.text(choice.path("delta").path("content")),
                finishReason,
                // Groq's place for it (as of 2026-11).
                usage != null
                        ? usage
                        : AnswerFields.known(
                                ChatAnswer.usage(data.path("x_groq").path("usage"))),
                requestId,
                data);
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
