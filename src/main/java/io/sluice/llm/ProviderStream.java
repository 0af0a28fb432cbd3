package io.sluice.llm;

import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenUsage;
import io.sluice.transport.TransportResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import tools.jackson.databind.JsonNode;

/** One streamed answer: its events as pieces, and whether it came to its end. */
final class ProviderStream {

    /** How OpenAI ends a stream, and whoever follows it. */
    private static final String END = "[DONE]";

    private final ProviderReply reply;
    private final StreamReader reader;

    private boolean ended;
    /** What was told last, for a failure after it. */
    private TokenUsage usage = TokenUsage.UNKNOWN;

    ProviderStream(ProviderReply reply, StreamReader reader) {
        this.reply = reply;
        this.reader = reader;
    }

    /** Whether the server does not stream. */
    static boolean isWhole(TransportResponse response) {
        return response.headers("content-type").stream()
                .anyMatch(type -> type.strip().toLowerCase(Locale.ROOT).startsWith("application/json"));
    }

    /** A whole answer as the only piece. */
    static LlmChunk onlyPiece(LlmResponse whole) {
        return new LlmChunk(
                whole.text(),
                whole.toolCalls(),
                whole.finishReason(),
                AnswerFields.known(whole.usage()),
                whole.cost(),
                whole.requestId(),
                whole.raw());
    }

    /** The pieces; and the failure that the stream ends with, if the answer does not come to its end. */
    Flux<LlmChunk> pieces(TransportResponse response) {
        return ServerSentEvents.of(response.body()).handle(this::piece).concatWith(Mono.defer(this::end));
    }

    private void piece(ServerSentEvent event, SynchronousSink<LlmChunk> sink) {
        if (event.data().isBlank()) {
            // Keeps the connection alive.
            return;
        }
        if (event.data().strip().equals(END)) {
            ended = true;
            sink.complete();
            return;
        }
        try {
            LlmChunk chunk = read(event);
            if (chunk != null) {
                usage = chunk.usage() == null ? usage : chunk.usage();
                sink.next(chunk);
            }
            if (reader.isOver()) {
                sink.complete();
            }
        } catch (EventTooLargeException tooLarge) {
            sink.error(tooLarge);
        } catch (ProviderFailure failure) {
            sink.error(failure.usage().equals(TokenUsage.UNKNOWN) ? failure.withUsage(usage) : failure);
        }
    }

    private @Nullable LlmChunk read(ServerSentEvent event) {
        JsonNode data = ProviderReply.json(event.data());
        boolean named = "error".equals(event.name());
        if (data == null) {
            throw named
                    ? reply.failure(event.data().getBytes(StandardCharsets.UTF_8))
                    : reply.unreadable("an event of the stream is not JSON");
        }
        if (named || ProviderReply.isError(data)) {
            throw reply.failure(data);
        }
        return reader.read(event.name(), data);
    }

    private Mono<LlmChunk> end() {
        return ended || reader.isWhole()
                ? Mono.empty()
                : Mono.error(() -> reply.unreadable("the stream ended before the answer did")
                        .withUsage(usage));
    }
}
