package io.sluice.llm.openai;

import io.sluice.llm.LlmRequest;
import io.sluice.llm.RequestBody;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON of a request for a response. */
final class ResponsesBody {

    private ResponsesBody() {}

    /**
     * For an answer as a whole, or in pieces.
     *
     * @throws IllegalArgumentException if it asks for the other kind, or has no messages
     */
    static byte[] of(LlmRequest request, boolean streamed) {
        ObjectNode body = RequestBody.begin(request, streamed);
        body.put("model", request.model());
        ArrayNode input = body.putArray("input");
        request.messages().forEach(message -> RequestBody.addMessage(input, message));
        Long cap = request.maxOutput();
        if (cap != null) {
            body.put("max_output_tokens", cap);
        }
        RequestBody.putTemperature(body, request);
        RequestBody.set(body, "tools", request.tools());
        RequestBody.set(body, "tool_choice", request.toolChoice());
        RequestBody.set(body, "metadata", request.metadata());
        request.extra().forEach(body::set);
        if (streamed) {
            body.put("stream", true);
        }
        return RequestBody.bytes(body);
    }
}
