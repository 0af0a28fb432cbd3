package io.sluice.simulator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's messages. */
final class AnthropicDialect implements Dialect {

    @Override
    public @Nullable ApiError checkKey(SimulatedRequest request, String key) {
        boolean right =
                key.equals(request.header("x-api-key")) || ("Bearer " + key).equals(request.header("authorization"));
        return right ? null : AnthropicErrors.wrongKey();
    }

    @Override
    public ReadCall read(SimulatedRequest request) {
        return AnthropicCall.of(request);
    }

    @Override
    public ApiError unknownModel(String model) {
        return AnthropicErrors.unknownModel(model);
    }

    @Override
    public ApiError refused(String model, Verdict.Refused refused) {
        long limit = refused.standing().limits().limit(refused.dimension());
        return AnthropicErrors.overLimit(model, refused.dimension(), limit, Duration.ofNanos(refused.waitNanos()));
    }

    @Override
    public ApiError tooLarge(String model, Verdict.TooLarge refused) {
        long limit = refused.standing().limits().limit(refused.dimension());
        return AnthropicErrors.overLimit(model, refused.dimension(), limit, null);
    }

    @Override
    public ApiError ofStatus(int status) {
        return AnthropicErrors.ofStatus(status);
    }

    @Override
    public ApiError rateLimited(String model, Fault fault) {
        return AnthropicErrors.rateLimited(fault.hint());
    }

    @Override
    public ApiError insufficientQuota(long now) {
        return AnthropicErrors.spent(now);
    }

    @Override
    public ApiError slowDown() {
        return AnthropicErrors.slowDown();
    }

    @Override
    public ApiError invalid(int status, String message) {
        return new ApiError(status, AnthropicErrors.ofStatus(status).type(), null, message);
    }

    @Override
    public String idHeader() {
        return "request-id";
    }

    @Override
    public String id(long number) {
        return "req_" + number;
    }

    @Override
    public void headers(Map<String, String> headers, Standing standing, long now) {
        AnthropicHeaders.put(headers, standing, now);
    }

    @Override
    public void processing(Map<String, String> headers, long latencyNanos) {
        // Anthropic does not say how long it worked.
    }

    @Override
    public byte[] body(ApiError error, String id) {
        return OpenAiDialect.MAPPER.writeValueAsBytes(AnthropicErrors.json(error, id));
    }

    @Override
    public byte[] completion(ChatCall call, Reply reply, String id, long now) {
        return OpenAiDialect.MAPPER.writeValueAsBytes(
                message(call, id, reply.text(), reply.stopReason(), reply.tokens()));
    }

    @Override
    public List<byte[]> stream(ChatCall call, Reply reply, String id, long now) {
        return new AnthropicStream(call, id).of(reply);
    }

    @Override
    public byte[] errorInStream(String id) {
        return AnthropicStream.frame(AnthropicErrors.json(AnthropicErrors.ofStatus(529), id));
    }

    /**
     * A message, whole or as a stream begins with it.
     *
     * @param text what it says; null for nothing yet
     */
    static ObjectNode message(
            ChatCall call, String id, @Nullable String text, @Nullable String stopReason, long outputTokens) {
        ObjectNode message = OpenAiDialect.MAPPER
                .createObjectNode()
                .put("id", "msg_" + id.substring("req_".length()))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", call.model());
        ArrayNode content = message.putArray("content");
        if (text != null) {
            content.addObject().put("type", "text").put("text", text);
        }
        message.put("stop_reason", stopReason).putNull("stop_sequence");
        message.set("usage", usage(call, outputTokens));
        return message;
    }

    static ObjectNode usage(ChatCall call, long outputTokens) {
        return OpenAiDialect.MAPPER
                .createObjectNode()
                .put("input_tokens", call.promptTokens())
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", 0)
                .put("output_tokens", outputTokens);
    }
}
