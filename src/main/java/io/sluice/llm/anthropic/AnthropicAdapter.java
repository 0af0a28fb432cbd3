package io.sluice.llm.anthropic;

import io.sluice.llm.BaseUrl;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.ProviderCalls;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls {@code /v1/messages} of Anthropic, or of any server with the same protocol.
 *
 * <p>Messages of the roles {@code system} and {@code developer} are sent as {@code system}, apart from the conversation.
 * The seed of a request is left out, because there is none here. The input of the usage is all of it: what was read from a
 * cache and what was written into one are counted in, and told apart by {@link io.sluice.model.TokenUsage#cacheRead()} and
 * {@link io.sluice.model.TokenUsage#cacheWritten()}.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class AnthropicAdapter implements LlmAdapter {

    /** The most tokens that are answered with where neither the request nor the settings say it. */
    public static final long DEFAULT_MAX_OUTPUT = 4_096;

    private final String provider;
    private final String host;
    private final ProviderCalls calls;

    private AnthropicAdapter(String provider, String host, ProviderCalls calls) {
        this.provider = provider;
        this.host = host;
        this.calls = calls;
    }

    /** Starts with Anthropic's own address, the provider {@code anthropic} and no key. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String provider() {
        return provider;
    }

    /**
     * As {@link LlmAdapter#execute} says. A model that will not go on is an answer with the finish reason {@code refusal}.
     * {@code stream: true} among the extra fields is an {@link IllegalArgumentException}.
     */
    @Override
    public Mono<LlmResponse> execute(LlmRequest request) {
        return calls.execute(request);
    }

    /**
     * As {@link LlmAdapter#stream} says. The first piece tells the input that was used, the one with the finish reason the whole
     * usage; thoughts and the arguments of tools are in raw pieces without text. {@code stream: false} among the extra
     * fields is an {@link IllegalArgumentException}.
     */
    @Override
    public Flux<LlmChunk> stream(LlmRequest request) {
        return calls.stream(request);
    }

    /** Where it calls and as whom it counts; never the key. */
    @Override
    public String toString() {
        return "AnthropicAdapter[provider=" + provider + ", host=" + host + "]";
    }

    /** Settings of an adapter; not thread-safe. */
    public static final class Builder extends LlmAdapterBuilder<Builder> {

        private long defaultMaxOutput = DEFAULT_MAX_OUTPUT;
        private List<String> betas = List.of();

        private Builder() {
            super("anthropic", "https://api.anthropic.com");
        }

        @Override
        protected Builder self() {
            return this;
        }

        /**
         * The most tokens to answer with, for requests that do not say it, because this provider demands a number; default
         * {@link AnthropicAdapter#DEFAULT_MAX_OUTPUT}.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder defaultMaxOutput(long tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("defaultMaxOutput must be at least 1 token, was " + tokens);
            }
            this.defaultMaxOutput = tokens;
            return this;
        }

        /** What to use that is not yet for everybody, by Anthropic's names; they take the place of those before. */
        public Builder beta(String... names) {
            this.betas = List.of(names);
            return this;
        }

        /**
         * @throws IllegalStateException if there is no transport
         */
        public AnthropicAdapter build() {
            BaseUrl base = address();
            return new AnthropicAdapter(
                    provider(),
                    base.host(),
                    calls(new AnthropicProtocol(base.at("/v1/messages"), defaultMaxOutput, betas)));
        }
    }
}
