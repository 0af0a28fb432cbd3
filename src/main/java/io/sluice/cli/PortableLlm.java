package io.sluice.cli;

import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.claudecode.ClaudeCodeAdapter;
import io.sluice.model.ModelKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * An adapter that takes the settings of a chat completion where its provider has others: the cap of the output, temperature,
 * stop texts and seed, as lines of a batch name them. What else a line says goes on as it is.
 */
final class PortableLlm implements LlmAdapter {

    private final LlmAdapter adapter;

    PortableLlm(LlmAdapter adapter) {
        this.adapter = adapter;
    }

    /** The request with its settings in their own places. */
    static LlmRequest portable(LlmRequest request) {
        LlmRequest.Builder portable = request.toBuilder();
        for (Map.Entry<String, JsonNode> field : request.extra().entrySet()) {
            if (take(field.getKey(), field.getValue(), portable)) {
                portable.withoutExtra(field.getKey());
            }
        }
        return portable.build();
    }

    /** Whether a field has a place of its own; a value that does not fit there is left for the provider to refuse. */
    private static boolean take(String name, JsonNode value, LlmRequest.Builder portable) {
        try {
            switch (name) {
                case "max_completion_tokens", "max_tokens" -> portable.maxOutput(whole(value));
                case "seed" -> portable.seed(whole(value));
                case "temperature" -> portable.temperature(value.isNumber() ? value.doubleValue() : -1);
                case "stop" -> portable.stop(texts(value));
                default -> {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException doesNotFit) {
            return false;
        }
    }

    private static long whole(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException("not a whole number");
        }
        return value.longValue();
    }

    private static String[] texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        for (JsonNode text : value.isArray() ? value : List.of(value)) {
            if (!text.isString()) {
                throw new IllegalArgumentException("not a text");
            }
            texts.add(text.stringValue());
        }
        return texts.toArray(String[]::new);
    }

    @Override
    public String provider() {
        return adapter.provider();
    }

    @Override
    public ModelKey key(LlmRequest request) {
        return adapter.key(request);
    }

    @Override
    public Mono<LlmResponse> execute(LlmRequest request) {
        return Mono.defer(() -> adapter.execute(portable(request)));
    }

    @Override
    public Flux<LlmChunk> stream(LlmRequest request) {
        return Flux.defer(() -> adapter.stream(portable(request)));
    }

    /** Ends what the adapter itself runs, where it does. */
    static Mono<Void> disposeLater(LlmAdapter adapter) {
        LlmAdapter inner = adapter instanceof PortableLlm portable ? portable.adapter : adapter;
        return inner instanceof ClaudeCodeAdapter program ? program.disposeLater() : Mono.empty();
    }

    @Override
    public String toString() {
        return adapter.toString();
    }
}
