package io.sluice.simulator;

import io.sluice.support.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's chat completions. */
final class OpenAiDialect implements Dialect {

    static final JsonMapper MAPPER = Json.mapper();

    private static final long SECOND = 1_000_000_000;

    @Override
    public @Nullable ApiError checkKey(SimulatedRequest request, String key) {
        return ("Bearer " + key).equals(request.header("authorization")) ? null : OpenAiErrors.wrongKey();
    }

    @Override
    public ReadCall read(SimulatedRequest request) {
        return OpenAiCall.of(request.body());
    }

    @Override
    public ApiError unknownModel(String model) {
        return OpenAiErrors.unknownModel(model);
    }

    @Override
    public ApiError refused(String model, Verdict.Refused refused) {
        return OpenAiErrors.refused(model, refused);
    }

    @Override
    public ApiError tooLarge(String model, Verdict.TooLarge refused) {
        return OpenAiErrors.tooLarge(model, refused);
    }

    @Override
    public ApiError ofStatus(int status) {
        return OpenAiErrors.ofStatus(status);
    }

    @Override
    public ApiError rateLimited(String model, Fault fault) {
        return OpenAiErrors.rateLimited(model, fault.hint());
    }

    @Override
    public ApiError insufficientQuota(long now) {
        return OpenAiErrors.insufficientQuota();
    }

    @Override
    public ApiError slowDown() {
        return OpenAiErrors.slowDown();
    }

    @Override
    public ApiError invalid(int status, String message) {
        return OpenAiErrors.invalid(status, null, null, message);
    }

    @Override
    public String idHeader() {
        return "x-request-id";
    }

    @Override
    public String id(long number) {
        return "req_" + number;
    }

    @Override
    public void headers(Map<String, String> headers, Standing standing, long now) {
        OpenAiHeaders.put(headers, standing);
    }

    @Override
    public void processing(Map<String, String> headers, long latencyNanos) {
        headers.put("openai-processing-ms", String.valueOf(latencyNanos / 1_000_000));
        headers.put("openai-version", "2020-10-01");
    }

    @Override
    public byte[] body(ApiError error, String id) {
        return MAPPER.writeValueAsBytes(OpenAiErrors.json(error));
    }

    @Override
    public byte[] completion(ChatCall call, Reply reply, String id, long now) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("id", "chatcmpl-" + id)
                .put("object", "chat.completion")
                .put("created", now / SECOND)
                .put("model", call.model());
        ObjectNode choice = root.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", reply.text())
                .putNull("refusal");
        choice.putNull("logprobs");
        choice.put("finish_reason", reply.finishReason());
        root.set("usage", usage(call, reply));
        return MAPPER.writeValueAsBytes(root);
    }

    @Override
    public List<byte[]> stream(ChatCall call, Reply reply, String id, long now) {
        return new OpenAiStream(call, id, now / SECOND).of(reply);
    }

    @Override
    public byte[] errorInStream(String id) {
        return OpenAiStream.frame(OpenAiErrors.json(OpenAiErrors.ofStatus(500)));
    }

    static ObjectNode usage(ChatCall call, Reply reply) {
        ObjectNode usage = MAPPER.createObjectNode()
                .put("prompt_tokens", call.promptTokens())
                .put("completion_tokens", reply.tokens())
                .put("total_tokens", call.promptTokens() + reply.tokens());
        usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
        usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
        return usage;
    }
}
