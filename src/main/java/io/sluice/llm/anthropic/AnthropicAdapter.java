package io.sluice.llm.anthropic;

import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.ProviderAdapter;
import io.sluice.llm.ProviderProtocol;
import java.util.List;

/**
 * Calls {@code /v1/messages} of Anthropic, or of any server with the same protocol.
 *
 * <p>Messages of the roles {@code system} and {@code developer} are sent as {@code system}, apart from the conversation.
 * The seed of a request is left out, because there is none here. The input of the usage is all of it: what was read from a
 * cache and what was written into one are counted in, and told apart by {@link io.sluice.model.TokenUsage#cacheRead()} and
 * {@link io.sluice.model.TokenUsage#cacheWritten()}.
 *
 * <p>A model that will not go on is an answer with the finish reason {@code refusal}. The first piece of a stream tells the
 * input that was used, the one with the finish reason the whole usage; a tool call is told whole, in the piece that
 * ends it, and thoughts are in raw pieces without text.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class AnthropicAdapter extends ProviderAdapter {

    /** The most tokens that are answered with where neither the request nor the settings say it. */
    public static final long DEFAULT_MAX_OUTPUT = 4_096;

    private AnthropicAdapter(Builder settings, ProviderProtocol protocol) {
        super(settings, protocol);
    }

    /** Starts with Anthropic's own address, the provider {@code anthropic} and no key. */
    public static Builder builder() {
        return new Builder();
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
            return new AnthropicAdapter(
                    this, new AnthropicProtocol(address().at("/v1/messages"), defaultMaxOutput, betas));
        }
    }
}
