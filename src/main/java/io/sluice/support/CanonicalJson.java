package io.sluice.support;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One form of a JSON value, whoever wrote it: on one line, keys sorted by their UTF-16 units, numbers by their value
 * ({@code 1}, {@code 1.0} and {@code 1e0} are the same). Two values are equal if and only if their forms are, so a digest of
 * the form identifies the value.
 */
@Internal
public final class CanonicalJson {

    /** Beyond this many digits before or after the point, a number is written with an exponent. */
    private static final int MOST_DIGITS = 40;

    private CanonicalJson() {}

    /**
     * @param value what the mapper can write; a {@link JsonNode}, a record, a map
     * @throws IllegalArgumentException if it cannot be written as JSON, or holds a number that JSON does not have
     */
    public static String of(Object value) {
        JsonNode tree;
        try {
            tree = value instanceof JsonNode node ? node : Json.mapper().valueToTree(value);
            // What a tree may hold beside JSON (bytes, objects of programs) becomes JSON by being written.
            tree = Json.read(Json.compact(tree));
        } catch (RuntimeException unwritable) {
            throw new IllegalArgumentException(
                    "a " + value.getClass().getName() + " cannot be written as JSON; pass a record, a map or a tree",
                    unwritable);
        }
        StringBuilder out = new StringBuilder();
        write(tree, out);
        return out.toString();
    }

    /**
     * @param json a document
     * @throws tools.jackson.core.JacksonException if it is not one JSON value
     */
    public static String ofDocument(String json) {
        StringBuilder out = new StringBuilder();
        write(Json.read(json), out);
        return out.toString();
    }

    /** The SHA-256 of a text's UTF-8, as 64 hex digits. */
    public static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("every Java platform has SHA-256", never);
        }
    }

    private static void write(JsonNode value, StringBuilder out) {
        if (value instanceof ObjectNode object) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                sorted.put(entry.getKey(), entry.getValue());
            }
            String separator = "";
            out.append('{');
            for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
                out.append(separator)
                        .append(Json.mapper().writeValueAsString(entry.getKey()))
                        .append(':');
                write(entry.getValue(), out);
                separator = ",";
            }
            out.append('}');
        } else if (value instanceof ArrayNode array) {
            String separator = "";
            out.append('[');
            for (JsonNode element : array) {
                out.append(separator);
                write(element, out);
                separator = ",";
            }
            out.append(']');
        } else if (value.isNumber()) {
            out.append(number(value.decimalValue()));
        } else {
            out.append(Json.compact(value));
        }
    }

    private static String number(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        BigDecimal bare = value.stripTrailingZeros();
        long magnitude = (long) bare.precision() - bare.scale();
        boolean plain = Math.abs(magnitude) <= MOST_DIGITS && bare.scale() <= MOST_DIGITS;
        return plain ? bare.toPlainString() : bare.unscaledValue() + "E" + -(long) bare.scale();
    }
}
