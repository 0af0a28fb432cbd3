package io.sluice.bench.pacing;

import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.transport.NettyTransport;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.StringNode;

/** Makes the calls, each of exactly as many tokens as it is to cost; the same client for all strategies. */
final class Caller implements AutoCloseable {

    /** What the provider counts for the prompt. */
    static final long PROMPT = 5;

    private final NettyTransport transport =
            NettyTransport.builder().maxConnections(Work.CALLS).build();
    private final OpenAiAdapter adapter;

    Caller(String baseUrl) {
        adapter = OpenAiAdapter.builder().baseUrl(baseUrl).transport(transport).build();
    }

    Mono<LlmResponse> call(int number, long cost) {
        return call(Work.MODEL, Integer.toString(number), cost);
    }

    Mono<LlmResponse> call(String model, String name, long cost) {
        return adapter.execute(LlmRequest.builder(model)
                .user("hi")
                .maxOutput(cost - PROMPT)
                .extra("user", StringNode.valueOf(name))
                .build());
    }

    @Override
    public void close() {
        transport.dispose();
    }
}
