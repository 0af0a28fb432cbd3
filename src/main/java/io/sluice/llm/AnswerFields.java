package io.sluice.llm;

import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import io.sluice.support.Internal;
import io.sluice.support.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the fields of answers, which may hold anything: what is not of the kind asked for counts as missing. */
@Internal
public final class AnswerFields {

    private AnswerFields() {}

    /** The text; null where it is none. */
    public static @Nullable String string(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    /** What stands in a field, or an empty object where it is missing. */
    public static JsonNode object(JsonNode parent, String name) {
        JsonNode value = parent.get(name);
        return value == null || value.isNull() ? Json.mapper().createObjectNode() : value;
    }

    /** The arguments of a tool as OpenAI has them: JSON within a string, or what else the model made of it. */
    public static JsonNode json(JsonNode arguments) {
        if (!arguments.isString()) {
            return arguments.isMissingNode() ? Json.mapper().createObjectNode() : arguments;
        }
        if (arguments.stringValue().isBlank()) {
            return Json.mapper().createObjectNode();
        }
        try {
            return Json.read(arguments.stringValue());
        } catch (JacksonException notJson) {
            return arguments;
        }
    }

    /** A believable number of tokens, or -1. */
    public static long tokens(JsonNode node) {
        boolean believable = node.isIntegralNumber()
                && node.canConvertToLong()
                && node.longValue() >= 0
                && node.longValue() <= Integer.MAX_VALUE;
        return believable ? node.longValue() : -1;
    }

    /** An amount of dollars, to the nearest nano-dollar; null where it is none that can be believed. */
    public static @Nullable Money dollars(JsonNode node) {
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            return null;
        }
        try {
            return Money.roundedHalfEven(node.decimalValue());
        } catch (IllegalArgumentException | ArithmeticException unbelievable) {
            return null;
        }
    }

    /**
     * What was used, each number negative where it was not told. Parts that are larger than what they are part of are not
     * believed.
     *
     * @param input all of the input, what came from a cache included
     * @param output all of the output, thoughts included
     */
    public static TokenUsage usage(long input, long output, long cacheRead, long cacheWritten, long reasoning) {
        TokenUsage usage = sides(input, output);
        long read = Math.max(cacheRead, 0);
        long written = Math.max(cacheWritten, 0);
        if (read + written <= input) {
            usage = usage.withCache(read, written);
        }
        return reasoning >= 0 && reasoning <= output ? usage.withReasoning(reasoning) : usage;
    }

    private static TokenUsage sides(long input, long output) {
        if (input >= 0) {
            return output >= 0 ? TokenUsage.of(input, output) : TokenUsage.input(input);
        }
        return output >= 0 ? TokenUsage.output(output) : TokenUsage.UNKNOWN;
    }

    /** The usage, or null where nothing was told. */
    public static @Nullable TokenUsage known(TokenUsage usage) {
        return usage.equals(TokenUsage.UNKNOWN) ? null : usage;
    }
}
