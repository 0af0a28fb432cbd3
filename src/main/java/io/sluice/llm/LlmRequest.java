package io.sluice.llm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a model is asked. Immutable; the JSON nodes in it are shared, not copied, and must not be changed. */
public final class LlmRequest {

    private final String model;
    private final List<LlmMessage> messages;
    private final @Nullable Long maxOutput;
    private final Map<String, JsonNode> extra;

    private LlmRequest(Builder builder) {
        model = builder.model;
        messages = List.copyOf(builder.messages);
        maxOutput = builder.maxOutput;
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(builder.extra));
    }

    /**
     * A request without messages.
     *
     * @param model the provider's name of the model
     * @throws IllegalArgumentException if the model is blank
     */
    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** The provider's name of the model. */
    public String model() {
        return model;
    }

    /** The conversation, the oldest message first. */
    public List<LlmMessage> messages() {
        return messages;
    }

    /** The most tokens to answer with; null where the provider decides. */
    public @Nullable Long maxOutput() {
        return maxOutput;
    }

    /** Further fields of the body, in order. */
    public Map<String, JsonNode> extra() {
        return extra;
    }

    /** A builder that starts from this request. */
    public Builder toBuilder() {
        Builder builder = new Builder(model);
        builder.messages.addAll(messages);
        builder.maxOutput = maxOutput;
        builder.extra.putAll(extra);
        return builder;
    }

    /** Model, number of messages, cap and the names of the extra fields; nothing of what is said. */
    @Override
    public String toString() {
        return "LlmRequest[model=" + model + ", messages=" + messages.size() + ", maxOutput=" + maxOutput + ", extra="
                + extra.keySet() + "]";
    }

    /** Gathers a request; not thread-safe. */
    public static final class Builder {

        private final String model;
        private final List<LlmMessage> messages = new ArrayList<>();
        private final Map<String, JsonNode> extra = new LinkedHashMap<>();
        private @Nullable Long maxOutput;

        private Builder(String model) {
            if (model.isBlank()) {
                throw new IllegalArgumentException("model must not be blank");
            }
            this.model = model;
        }

        /** Adds a message at the end. */
        public Builder message(LlmMessage message) {
            messages.add(Objects.requireNonNull(message, "message"));
            return this;
        }

        /** Adds a message of the role {@code system}. */
        public Builder system(String text) {
            return message(LlmMessage.of("system", text));
        }

        /** Adds a message of the role {@code user}. */
        public Builder user(String text) {
            return message(LlmMessage.of("user", text));
        }

        /**
         * The most tokens to answer with.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder maxOutput(long tokens) {
            if (tokens < 1) {
                throw new IllegalArgumentException("maxOutput must be at least 1 token, was " + tokens);
            }
            this.maxOutput = tokens;
            return this;
        }

        /**
         * A further field of the body, passed on as it is.
         *
         * @throws IllegalArgumentException if it is {@code model} or {@code messages}, which have their own places
         */
        public Builder extra(String name, JsonNode value) {
            if (name.equals("model") || name.equals("messages")) {
                throw new IllegalArgumentException(
                        name + " is not an extra field; it has its own place in the request");
            }
            extra.put(name, Objects.requireNonNull(value, "value"));
            return this;
        }

        /** The request. */
        public LlmRequest build() {
            return new LlmRequest(this);
        }
    }
}
