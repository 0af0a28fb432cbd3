package io.sluice.simulator;

import tools.jackson.databind.JsonNode;

/**
 * What the simulator takes a prompt for: a quarter of its characters, rounded up, and four tokens a message. It is what
 * it charges on arrival, and what it reports as the tokens of the prompt. Anthropic's {@code system} counts as one more
 * message.
 */
public final class PromptTokens {

    private static final int PER_MESSAGE = 4;
    private static final int CHARACTERS = 4;

    private PromptTokens() {}

    /**
     * The tokens of a conversation.
     *
     * @param messages the {@code messages} of a request; the texts of their contents count, plain or in parts
     */
    public static long of(JsonNode messages) {
        long characters = 0;
        for (JsonNode message : messages) {
            characters += characters(message.path("content"));
        }
        return tokens(characters) + (long) PER_MESSAGE * messages.size();
    }

    /** The tokens of one text, plain or in parts; 0 where there is none. */
    static long ofText(JsonNode content) {
        long characters = characters(content);
        return characters == 0 ? 0 : tokens(characters) + PER_MESSAGE;
    }

    private static long tokens(long characters) {
        return (characters + CHARACTERS - 1) / CHARACTERS;
    }

    private static long characters(JsonNode content) {
        if (content.isString()) {
            return content.stringValue().length();
        }
        long characters = 0;
        for (JsonNode part : content) {
            characters += part.path("text").asString("").length();
        }
        return characters;
    }
}
