package io.sluice.llm;

import io.sluice.model.TokenEstimate;
import io.sluice.tokens.TokenEstimator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a request will cost in tokens, before it is sent. */
public final class RequestTokens {

    /**
     * How many tokens of output are expected of a request that names no cap. Providers then allow the model's own maximum
     * and charge far less; what is really used is settled when the answer is here.
     */
    public static final long UNCAPPED_OUTPUT = 1_024;

    /** The names under which a cap of the output is passed on. */
    private static final List<String> CAPS = List.of("max_completion_tokens", "max_tokens", "max_output_tokens");

    /** Google's settings, where a cap and a number of answers of the caller's own may stand. */
    private static final String GENERATION = "generationConfig";

    /** The field of OpenAI's responses that takes the place of the messages. */
    private static final String INPUT = "input";

    private static final int MOST_ANSWERS = 1_024;

    private RequestTokens() {}

    /**
     * The input by the estimator: the texts of all messages, {@link TokenEstimator#ATTACHMENT_TOKENS} for each part that is
     * not text, and what is sent beside them (tools, schemas) as the JSON that it is. The output is the request's cap, or
     * {@link #UNCAPPED_OUTPUT}, as many times as answers are asked for ({@code n}; for Google {@code candidateCount}). An
     * extra field {@code input} takes the place of the messages, as it does when it is sent.
     */
    public static TokenEstimate estimate(LlmRequest request, TokenEstimator estimator) {
        Parts parts = new Parts();
        JsonNode input = request.extra().get(INPUT);
        if (input != null) {
            parts.items(input);
        } else {
            for (LlmMessage message : request.messages()) {
                StringBuilder text = parts.content(message.content());
                message.extra().values().forEach(value -> appendJson(text, value));
            }
        }
        StringBuilder beside = new StringBuilder();
        if (request.tools() != null && !request.extra().containsKey("tools")) {
            appendJson(beside, request.tools());
        }
        request.extra().forEach((name, value) -> {
            if (!name.equals(INPUT)) {
                appendJson(beside, value);
            }
        });
        long tokens = estimator.messages(parts.texts)
                + estimator.text(beside)
                + Math.min(TokenEstimator.MAX_TOKENS, parts.attachments * TokenEstimator.ATTACHMENT_TOKENS);
        return TokenEstimate.of(bounded(tokens), output(request));
    }

    /** What the model reads: texts, and how many parts are none. */
    private static final class Parts {

        private final List<CharSequence> texts = new ArrayList<>();
        private long attachments;

        /** The items of a list as messages, whatever else they are; a text alone is one. */
        void items(JsonNode input) {
            if (!input.isArray()) {
                appendJson(text(), input);
                return;
            }
            for (JsonNode item : input) {
                if (item.has("content")) {
                    content(item.path("content"));
                } else {
                    appendJson(text(), item);
                }
            }
        }

        /** One message; its text, to be continued. */
        StringBuilder content(JsonNode content) {
            StringBuilder text = text();
            if (content.isString()) {
                text.append(content.stringValue());
            }
            for (JsonNode part : content) {
                JsonNode words = part.path("text");
                if (words.isString()) {
                    text.append(words.stringValue());
                } else {
                    attachments++;
                }
            }
            return text;
        }

        private StringBuilder text() {
            StringBuilder text = new StringBuilder();
            texts.add(text);
            return text;
        }
    }

    /** Settings such as the temperature are numbers and cost nothing; what is read by the model is longer. */
    private static void appendJson(StringBuilder text, JsonNode value) {
        if (value.isString()) {
            text.append(value.stringValue());
        } else if (value.isContainer()) {
            text.append(value);
        }
    }

    private static long output(LlmRequest request) {
        Long cap = request.maxOutput();
        long output = cap == null ? UNCAPPED_OUTPUT : cap;
        for (String name : CAPS) {
            JsonNode named = request.extra().get(name);
            if (named != null && isPositive(named)) {
                output = named.longValue();
                break;
            }
        }
        JsonNode generation = request.extra().get(GENERATION);
        if (generation != null && isPositive(generation.path("maxOutputTokens"))) {
            output = generation.path("maxOutputTokens").longValue();
        }
        long times = Math.max(
                answers(request.extra().get("n")),
                answers(generation == null ? null : generation.get("candidateCount")));
        return bounded(bounded(output) * times);
    }

    private static long answers(@Nullable JsonNode asked) {
        return asked != null && isPositive(asked) ? Math.min(asked.longValue(), MOST_ANSWERS) : 1;
    }

    private static boolean isPositive(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() > 0;
    }

    private static long bounded(long tokens) {
        return Math.min(TokenEstimator.MAX_TOKENS, tokens);
    }
}
