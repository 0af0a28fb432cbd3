package io.sluice.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat completion in OpenAI's server-sent events: the role, then one token a piece, the finish reason, the usage where
 * it was asked for, and {@code [DONE]} (reference: the API's specification and recorded streams, 2026).
 */
final class OpenAiStream {

    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);

    private final ChatCall call;
    private final String id;
    private final long created;

    OpenAiStream(ChatCall call, String id, long created) {
        this.call = call;
        this.id = id;
        this.created = created;
    }

    List<byte[]> of(Reply reply) {
        List<byte[]> pieces = new ArrayList<>();
        ObjectNode role = delta(null);
        role.withObject("/choices/0/delta").put("role", "assistant").put("content", "");
        pieces.add(frame(role));
        // Written by hand, as there are many and only a word without anything to escape differs.
        String head = OpenAiDialect.MAPPER.writeValueAsString(chunk());
        String before = "data: " + head.substring(0, head.length() - 1)
                + ",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
        String after = "\"},\"finish_reason\":null}]" + (call.withUsage() ? ",\"usage\":null" : "") + "}\n\n";
        for (int i = 0; i < reply.tokens(); i++) {
            pieces.add((before + reply.piece(i) + after).getBytes(UTF_8));
        }
        pieces.add(frame(delta(reply.finishReason())));
        if (call.withUsage()) {
            ObjectNode usage = chunk();
            usage.putArray("choices");
            usage.set("usage", OpenAiDialect.usage(call, reply));
            pieces.add(frame(usage));
        }
        pieces.add(DONE);
        return pieces;
    }

    static byte[] frame(ObjectNode data) {
        return ("data: " + OpenAiDialect.MAPPER.writeValueAsString(data) + "\n\n").getBytes(UTF_8);
    }

    private ObjectNode delta(@Nullable String finishReason) {
        ObjectNode chunk = chunk();
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("delta");
        choice.put("finish_reason", finishReason);
        if (call.withUsage()) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    private ObjectNode chunk() {
        return OpenAiDialect.MAPPER
                .createObjectNode()
                .put("id", "chatcmpl-" + id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", call.model());
    }
}
