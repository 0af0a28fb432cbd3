package io.sluice.llm;

import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** An adapter whose provider does what a test says, and that counts what was done with it. */
public final class PlayedLlm implements LlmAdapter {

    public static final JsonNode RAW = Json.read("{}");

    /** How many calls were begun, are open, and were cancelled. */
    public final AtomicInteger begun = new AtomicInteger();

    public final AtomicInteger open = new AtomicInteger();
    public final AtomicInteger cancelled = new AtomicInteger();

    /** The models that were asked, and how often. */
    public final Map<String, Integer> models = new ConcurrentHashMap<>();

    private final String provider;
    private final Function<Integer, Flux<LlmChunk>> plays;

    /**
     * @param plays what comes of the n-th call, counted from 1
     */
    public PlayedLlm(String provider, Function<Integer, Flux<LlmChunk>> plays) {
        this.provider = provider;
        this.plays = plays;
    }

    public static LlmChunk says(String text) {
        return new LlmChunk(text, null, null, null, RAW);
    }

    public static LlmChunk uses(@Nullable TokenUsage usage) {
        return new LlmChunk("", "stop", usage, null, RAW);
    }

    @Override
    public String provider() {
        return provider;
    }

    @Override
    public Mono<LlmResponse> execute(LlmRequest request) {
        return stream(request).collectList().map(pieces -> {
            StringBuilder text = new StringBuilder();
            TokenUsage usage = TokenUsage.UNKNOWN;
            for (LlmChunk piece : pieces) {
                text.append(piece.text());
                usage = piece.usage() == null ? usage : piece.usage();
            }
            return new LlmResponse(text.toString(), "stop", usage, null, RAW);
        });
    }

    @Override
    public Flux<LlmChunk> stream(LlmRequest request) {
        return Flux.defer(() -> {
            models.merge(request.model(), 1, Integer::sum);
            open.incrementAndGet();
            return plays.apply(begun.incrementAndGet())
                    .doOnCancel(cancelled::incrementAndGet)
                    .doFinally(end -> open.decrementAndGet());
        });
    }

    @Override
    public String toString() {
        return "PlayedLlm";
    }
}
