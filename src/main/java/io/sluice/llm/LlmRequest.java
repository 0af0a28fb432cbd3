package io.sluice.llm;

import io.sluice.call.BudgetRef;
import io.sluice.call.CallContext;
import io.sluice.call.Sluice;
import java.time.Duration;
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
    private final @Nullable Double temperature;
    private final List<String> stop;
    private final @Nullable Long seed;
    private final @Nullable JsonNode tools;
    private final @Nullable JsonNode toolChoice;
    private final @Nullable JsonNode metadata;
    private final Map<String, JsonNode> extra;
    private final CallContext call;

    private LlmRequest(Builder builder) {
        model = builder.model;
        messages = List.copyOf(builder.messages);
        maxOutput = builder.maxOutput;
        temperature = builder.temperature;
        stop = builder.stop;
        seed = builder.seed;
        tools = builder.tools;
        toolChoice = builder.toolChoice;
        metadata = builder.metadata;
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(builder.extra));
        call = builder.call;
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

    /** How freely the model chooses its words; null where the provider decides. */
    public @Nullable Double temperature() {
        return temperature;
    }

    /** Texts at which the model stops; empty for none. */
    public List<String> stop() {
        return stop;
    }

    /** What chance starts from; null where the provider decides. */
    public @Nullable Long seed() {
        return seed;
    }

    /** The tools that the model may ask for, in the provider's form; null for none. */
    public @Nullable JsonNode tools() {
        return tools;
    }

    /** Which of the tools it must ask for, in the provider's form; null where it may choose. */
    public @Nullable JsonNode toolChoice() {
        return toolChoice;
    }

    /** What the provider keeps with the call, in the provider's form; null for nothing. */
    public @Nullable JsonNode metadata() {
        return metadata;
    }

    /** Further fields of the body, in order; they win over what is set here under another name. */
    public Map<String, JsonNode> extra() {
        return extra;
    }

    /**
     * What is said of the call and not to the model: its deadline, its budget and the like. {@link GovernedLlm} writes it into
     * the Context; adapters themselves do not look at it.
     */
    public CallContext call() {
        return call;
    }

    /** A builder that starts from this request. */
    public Builder toBuilder() {
        Builder builder = new Builder(model);
        builder.messages.addAll(messages);
        builder.maxOutput = maxOutput;
        builder.temperature = temperature;
        builder.stop = stop;
        builder.seed = seed;
        builder.tools = tools;
        builder.toolChoice = toolChoice;
        builder.metadata = metadata;
        builder.extra.putAll(extra);
        builder.call = call;
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

        private final List<LlmMessage> messages = new ArrayList<>();
        private final Map<String, JsonNode> extra = new LinkedHashMap<>();
        private String model;
        private @Nullable Long maxOutput;
        private @Nullable Double temperature;
        private List<String> stop = List.of();
        private @Nullable Long seed;
        private @Nullable JsonNode tools;
        private @Nullable JsonNode toolChoice;
        private @Nullable JsonNode metadata;
        private CallContext call = Sluice.nothing();

        private Builder(String model) {
            this.model = checked(model);
        }

        private static String checked(String model) {
            if (model.isBlank()) {
                throw new IllegalArgumentException("model must not be blank");
            }
            return model;
        }

        /**
         * Another model.
         *
         * @throws IllegalArgumentException if it is blank
         */
        public Builder model(String model) {
            this.model = checked(model);
            return this;
        }

        /** Adds a message at the end. */
        public Builder message(LlmMessage message) {
            messages.add(Objects.requireNonNull(message, "message"));
            return this;
        }

        /** Adds a message of the role {@code system}; providers that keep it apart from the messages get it there. */
        public Builder system(String text) {
            return message(LlmMessage.of("system", text));
        }

        /** Adds a message of the role {@code user}. */
        public Builder user(String text) {
            return message(LlmMessage.of("user", text));
        }

        /** Adds a message of the role {@code assistant}: what the model said before. */
        public Builder assistant(String text) {
            return message(LlmMessage.of("assistant", text));
        }

        /**
         * How freely the model chooses its words: 0 for the likeliest, at most 2; providers may allow less.
         *
         * @throws IllegalArgumentException if it is not within that
         */
        public Builder temperature(double temperature) {
            if (!(temperature >= 0 && temperature <= 2)) {
                throw new IllegalArgumentException("temperature must be between 0 and 2, was " + temperature);
            }
            this.temperature = temperature;
            return this;
        }

        /**
         * Texts at which the model stops; they take the place of those before.
         *
         * @throws IllegalArgumentException if one is empty
         */
        public Builder stop(String... texts) {
            List<String> stop = List.of(texts);
            if (stop.contains("")) {
                throw new IllegalArgumentException("a text to stop at must not be empty");
            }
            this.stop = stop;
            return this;
        }

        /** What chance starts from. Left out where the provider has no such thing (Anthropic). */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * The tools that the model may ask for, in the provider's form, passed on as they are. What it asks for is in
         * {@link LlmResponse#toolCalls()}; results go back as messages in the provider's form.
         *
         * @throws IllegalArgumentException if it is no list
         */
        public Builder tools(JsonNode tools) {
            if (!tools.isArray()) {
                throw new IllegalArgumentException("tools must be a list");
            }
            this.tools = tools;
            return this;
        }

        /** Which of the tools the model must ask for, in the provider's form, passed on as it is. */
        public Builder toolChoice(JsonNode toolChoice) {
            this.toolChoice = Objects.requireNonNull(toolChoice, "toolChoice");
            return this;
        }

        /** What the provider keeps with the call, in the provider's form. Left out where it has no such thing (Google). */
        public Builder metadata(JsonNode metadata) {
            this.metadata = Objects.requireNonNull(metadata, "metadata");
            return this;
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

        /**
         * How long the governed call may take in total, with its attempts and waits; it narrows what is set elsewhere and
         * never widens it.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder deadline(Duration deadline) {
            this.call = call.deadline(deadline);
            return this;
        }

        /** Whose budget the governed call is for; goes before that of the Context and that of the governor. */
        public Builder budget(BudgetRef budget) {
            this.call = call.budget(budget);
            return this;
        }

        /** What else is said of the call; it takes the place of all that was said of it before. */
        public Builder call(CallContext call) {
            this.call = Objects.requireNonNull(call, "call");
            return this;
        }

        /** Takes a further field of the body away, if it is there. */
        public Builder withoutExtra(String name) {
            extra.remove(name);
            return this;
        }

        /** The request. */
        public LlmRequest build() {
            return new LlmRequest(this);
        }
    }
}
