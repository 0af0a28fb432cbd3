package io.sluice.llm.openai;

import io.sluice.llm.LlmChunk;
import io.sluice.llm.ServerSentEvent;
import io.sluice.llm.ServerSentEvents;
import io.sluice.model.TokenUsage;
import io.sluice.transport.TransportResponse;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** One streamed answer: its events as pieces, and whether it came to its end. */
final class ChatStream {

    private static final String END = "[DONE]";

    private final ChatAnswer answer;

    /** Whether the model said why it stopped, or the server that this is all. */
    private boolean ended;

    ChatStream(ChatAnswer answer) {
        this.answer = answer;
    }

    /** A 2xx: pieces; and the failure that it ends with, if it does not come to its end. */
    Flux<LlmChunk> read(TransportResponse response, int maxAnswer) {
        if (isWhole(response)) {
            // The server does not stream.
            return response.bytes(maxAnswer)
                    .flatMap(answer::success)
                    .map(whole -> new LlmChunk(
                            whole.text(), whole.finishReason(), known(whole.usage()), whole.requestId(), whole.raw()))
                    .flux();
        }
        return ServerSentEvents.of(response.body())
                .takeUntil(ChatStream::isEnd)
                .<LlmChunk>handle(this::piece)
                .concatWith(Mono.defer(this::end));
    }

    private static boolean isWhole(TransportResponse response) {
        return response.headers("content-type").stream()
                .anyMatch(type -> type.strip().toLowerCase(Locale.ROOT).startsWith("application/json"));
    }

    private static boolean isEnd(ServerSentEvent event) {
        return event.data().strip().equals(END);
    }

    private void piece(ServerSentEvent event, SynchronousSink<LlmChunk> sink) {
        if (isEnd(event)) {
            ended = true;
            return;
        }
        JsonNode data = ChatAnswer.json(event.data());
        if (data == null) {
            sink.error(answer.unreadable("an event of the stream is not JSON"));
        } else if (ChatAnswer.isError(data) || "error".equals(event.name())) {
            sink.error(answer.failure(data));
        } else {
            sink.next(chunk(data));
        }
    }

    private LlmChunk chunk(JsonNode data) {
        JsonNode choice = first(data.path("choices"));
        String finishReason = ChatAnswer.string(choice.path("finish_reason"));
        ended |= finishReason != null;
        TokenUsage usage = known(ChatAnswer.usage(data.path("usage")));
        return new LlmChunk(
                ChatAnswer.text(choice.path("delta").path("content")),
                finishReason,
                // Groq's place for it (as of 2026-11).
                usage != null
                        ? usage
                        : known(ChatAnswer.usage(data.path("x_groq").path("usage"))),
                answer.requestId(),
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

    private static @Nullable TokenUsage known(TokenUsage usage) {
        return usage.equals(TokenUsage.UNKNOWN) ? null : usage;
    }

    private Mono<LlmChunk> end() {
        return ended ? Mono.empty() : Mono.error(answer.unreadable("the stream ended before the answer did"));
    }
}
