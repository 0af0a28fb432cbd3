package io.sluice.llm;

import io.sluice.model.TokenEstimate;
import io.sluice.tokens.TokenEstimator;
import java.util.ArrayList;
import java.util.List;
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

    private RequestTokens() {}

    /**
     * The input by the estimator: the texts of all messages, {@link TokenEstimator#ATTACHMENT_TOKENS} for each part that is
     * not text, and what is sent beside them (tools, schemas) as the JSON that it is. The output is the request's cap, or
     * {@link #UNCAPPED_OUTPUT}, as many times as answers are asked for ({@code n}).
     */
    public static TokenEstimate estimate(LlmRequest request, TokenEstimator estimator) {
        List<CharSequence> texts = new ArrayList<>();
        long attachments = 0;
        for (LlmMessage message : request.messages()) {
            JsonNode content = message.content();
            StringBuilder text = new StringBuilder();
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
            message.extra().values().forEach(value -> appendJson(text, value));
            texts.add(text);
        }
        StringBuilder beside = new StringBuilder();
        if (request.tools() != null && !request.extra().containsKey("tools")) {
            appendJson(beside, request.tools());
        }
        request.extra().values().forEach(value -> appendJson(beside, value));
        long input = estimator.messages(texts)
                + estimator.text(beside)
                + Math.min(TokenEstimator.MAX_TOKENS, attachments * TokenEstimator.ATTACHMENT_TOKENS);
        return TokenEstimate.of(bounded(input), output(request));
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
        JsonNode answers = request.extra().get("n");
        long times = answers != null && isPositive(answers) ? Math.min(answers.longValue(), 1_024) : 1;
        return bounded(bounded(output) * times);
    }

    private static boolean isPositive(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() > 0;
    }

    private static long bounded(long tokens) {
        return Math.min(TokenEstimator.MAX_TOKENS, tokens);
    }
}
