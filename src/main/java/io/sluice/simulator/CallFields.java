package io.sluice.simulator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the bodies of both providers have in common. */
final class CallFields {

    private static final int MAX_MODEL_NAME = 200;

    private CallFields() {}

    /** The name of the model; null where there is none that could be one. */
    static @Nullable String model(JsonNode body) {
        String name = text(body.path("model"));
        return name == null || name.isBlank() || name.length() > MAX_MODEL_NAME ? null : name;
    }

    static boolean areMessages(JsonNode messages) {
        if (!messages.isArray() || messages.isEmpty()) {
            return false;
        }
        for (JsonNode message : messages) {
            if (!message.isObject()) {
                return false;
            }
        }
        return true;
    }

    /** Whether it can be a cap of the output, in tokens. */
    static boolean isCap(JsonNode cap) {
        return cap.isIntegralNumber()
                && cap.canConvertToLong()
                && cap.longValue() >= 1
                && cap.longValue() <= Integer.MAX_VALUE;
    }

    static @Nullable String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }
}
