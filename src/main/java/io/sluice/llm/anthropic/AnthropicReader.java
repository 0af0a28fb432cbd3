package io.sluice.llm.anthropic;

import io.sluice.llm.AnswerFields;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.StreamReader;
import io.sluice.llm.ToolCallParts;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the events of a message; those that say nothing of it, and those that nobody knows yet, are passed over. */
final class AnthropicReader implements StreamReader {

    private final @Nullable String requestId;
    private final AnthropicUsage usage = new AnthropicUsage();
    private final ToolCallParts toolCalls = new ToolCallParts();
    private boolean stopped;
    private boolean over;

    AnthropicReader(@Nullable String requestId) {
        this.requestId = requestId;
    }

    @Override
    public @Nullable LlmChunk read(@Nullable String name, JsonNode data) {
        String type = AnswerFields.string(data.path("type"));
        return switch (type != null ? type : name != null ? name : "") {
            case "message_start" -> {
                usage.begins(data.path("message").path("usage"));
                yield piece("", null, true, data);
            }
            case "content_block_start" -> {
                begins(data.path("index").asInt(0), data.path("content_block"));
                yield piece(said(data.path("content_block")), null, false, data);
            }
            case "content_block_delta" -> {
                argument(data.path("index").asInt(0), data.path("delta"));
                yield piece(said(data.path("delta")), null, false, data);
            }
            case "content_block_stop" ->
                piece("", null, false, data)
                        .withToolCalls(toolCalls.end(data.path("index").asInt(0)));
            case "message_delta" -> {
                String reason = AnswerFields.string(data.path("delta").path("stop_reason"));
                stopped |= reason != null;
                usage.tells(data.path("usage"));
                yield piece("", reason, true, data);
            }
            case "message_stop" -> {
                over = true;
                yield null;
            }
            default -> null;
        };
    }

    /** A tool that the program runs; those of the provider's own are no business of ours. */
    private void begins(int place, JsonNode block) {
        if (block.path("type").asString("").equals("tool_use")) {
            toolCalls.about(place, AnswerFields.string(block.path("id")), AnswerFields.string(block.path("name")));
            JsonNode input = block.path("input");
            if (!input.isEmpty()) {
                toolCalls.argument(place, input.toString());
            }
        }
    }

    private void argument(int place, JsonNode delta) {
        if (delta.path("type").asString("").equals("input_json_delta")) {
            toolCalls.argument(place, delta.path("partial_json").asString(""));
        }
    }

    private LlmChunk piece(String text, @Nullable String reason, boolean tellsUsage, JsonNode data) {
        return new LlmChunk(text, reason, tellsUsage ? AnswerFields.known(usage.total()) : null, requestId, data);
    }

    /** Text of a block or of more of it; thoughts and arguments of tools are none. */
    private static String said(JsonNode part) {
        String type = part.path("type").asString("");
        return type.equals("text") || type.equals("text_delta")
                ? part.path("text").asString("")
                : "";
    }

    @Override
    public boolean isWhole() {
        return stopped || over;
    }

    @Override
    public boolean isOver() {
        return over;
    }
}
