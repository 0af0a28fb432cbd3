package io.sluice.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message in Anthropic's server-sent events, one token a piece; {@code message_start} has the usage of the input,
 * {@code message_delta} the whole of it (reference: its streaming page and recorded streams, 2026).
 */
final class AnthropicStream {

    private final ChatCall call;
    private final String id;

    AnthropicStream(ChatCall call, String id) {
        this.call = call;
        this.id = id;
    }

    List<byte[]> of(Reply reply) {
        List<byte[]> pieces = new ArrayList<>();
        ObjectNode start = event("message_start");
        start.set("message", AnthropicDialect.message(call, id, null, null, 1));
        pieces.add(frame(start));
        ObjectNode block = event("content_block_start").put("index", 0);
        block.putObject("content_block").put("type", "text").put("text", "");
        pieces.add(frame(block));
        pieces.add(frame(event("ping")));
        for (int i = 0; i < reply.tokens(); i++) {
            // Written by hand, as there are many and only a word without anything to escape differs.
            pieces.add(("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                            + "\"delta\":{\"type\":\"text_delta\",\"text\":\"" + reply.piece(i) + "\"}}\n\n")
                    .getBytes(UTF_8));
        }
        pieces.add(frame(event("content_block_stop").put("index", 0)));
        ObjectNode delta = event("message_delta");
        delta.putObject("delta").put("stop_reason", reply.stopReason()).putNull("stop_sequence");
        delta.set("usage", AnthropicDialect.usage(call, reply.tokens()));
        pieces.add(frame(delta));
        pieces.add(frame(event("message_stop")));
        return pieces;
    }

    static byte[] frame(ObjectNode data) {
        return ("event: " + data.path("type").asString("") + "\ndata: " + OpenAiDialect.MAPPER.writeValueAsString(data)
                        + "\n\n")
                .getBytes(UTF_8);
    }

    private static ObjectNode event(String type) {
        return OpenAiDialect.MAPPER.createObjectNode().put("type", type);
    }
}
