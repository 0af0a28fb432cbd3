package io.sluice.llm.openai;

import io.sluice.llm.AnswerFields;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.ProviderReply;
import io.sluice.llm.StreamReader;
import io.sluice.model.TokenUsage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the events of a response, of which one is the last. Text and tool calls have a place in a piece; what else happens
 * to the response is in raw pieces.
 */
final class ResponsesReader implements StreamReader {

    private final ProviderReply reply;
    private boolean over;

    ResponsesReader(ProviderReply reply) {
        this.reply = reply;
    }

    @Override
    public LlmChunk read(@Nullable String name, JsonNode data) {
        String type = AnswerFields.string(data.path("type"));
        return switch (type != null ? type : name != null ? name : "") {
            case "response.output_text.delta" -> piece(data.path("delta").asString(""), null, null, data);
            case "response.output_item.done" ->
                piece("", null, null, data).withToolCalls(ResponsesAnswer.toolCalls(data.path("item")));
            case "response.completed", "response.incomplete" -> last(data.path("response"), data);
            case "response.failed" -> throw failed(data.path("response"));
            case "error" -> throw reply.failure(data);
            default -> piece("", null, null, data);
        };
    }

    private LlmChunk last(JsonNode response, JsonNode data) {
        over = true;
        return piece("", ResponsesAnswer.reason(response), AnswerFields.known(ResponsesAnswer.usage(response)), data);
    }

    private RuntimeException failed(JsonNode response) {
        return reply.failure(response).withUsage(ResponsesAnswer.usage(response));
    }

    private LlmChunk piece(String text, @Nullable String reason, @Nullable TokenUsage usage, JsonNode data) {
        return new LlmChunk(text, reason, usage, reply.header("x-request-id"), data);
    }

    @Override
    public boolean isWhole() {
        return over;
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
