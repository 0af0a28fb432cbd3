package io.sluice.llm.openai;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What an error body says. OpenAI's form is {@code {"error": {"message", "type", "param", "code"}}}; Ollama's error is a
 * string, and vLLM's stands at the top.
 *
 * @param code the code, else the type; null where neither is there
 * @param message the provider's words, at most 2,000 characters; null where there are none
 */
record ErrorBody(@Nullable String code, @Nullable String message) {

    private static final int MAX_MESSAGE = 2_000;
    private static final int MAX_CODE = 100;

    /** Keys are far longer; what is shorter could be any word of the message. */
    private static final int MIN_SECRET = 8;

    /**
     * @param secret what must not be repeated, or null; some servers quote the key that they refuse
     */
    static ErrorBody of(@Nullable JsonNode body, @Nullable String secret) {
        JsonNode root = body == null ? MissingNode.getInstance() : body;
        JsonNode error = root.path("error");
        if (error.isString()) {
            return new ErrorBody(null, words(error, MAX_MESSAGE, secret));
        }
        JsonNode source = error.isObject() ? error : root;
        String code = words(source.path("code"), MAX_CODE, secret);
        return new ErrorBody(
                code != null ? code : words(source.path("type"), MAX_CODE, secret),
                words(source.path("message"), MAX_MESSAGE, secret));
    }

    private static @Nullable String words(JsonNode node, int max, @Nullable String secret) {
        String text = node.isString() || node.isNumber() ? node.asString() : "";
        if (secret != null && secret.length() >= MIN_SECRET) {
            text = text.replace(secret, "[key]");
        }
        if (text.isBlank()) {
            return null;
        }
        if (text.length() <= max) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end);
    }
}
