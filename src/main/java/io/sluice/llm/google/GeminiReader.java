package io.sluice.llm.google;

import io.sluice.llm.AnswerFields;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.ProviderReply;
import io.sluice.llm.StreamReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the objects of a stream of generated content. Nothing says that it is over but its end. */
final class GeminiReader implements StreamReader {

    private final ProviderReply reply;
    private boolean stopped;

    GeminiReader(ProviderReply reply) {
        this.reply = reply;
    }

    @Override
    public LlmChunk read(@Nullable String name, JsonNode data) {
        GeminiContent content = GeminiContent.of(data);
        content.checkPrompt(reply);
        String reason = content.finishReason();
        stopped |= reason != null;
        return new LlmChunk(content.text(), reason, AnswerFields.known(content.usage()), content.id(reply), data)
                .withToolCalls(content.toolCalls());
    }

    @Override
    public boolean isWhole() {
        return stopped;
    }

    /** More usage may follow the reason to stop. */
    @Override
    public boolean isOver() {
        return false;
    }
}
