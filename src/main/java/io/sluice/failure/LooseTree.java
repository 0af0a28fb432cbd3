package io.sluice.failure;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An error that somebody else parsed (a Jackson tree, the maps and lists of a dynamic client) as the same plain tree that
 * {@link PartialJson} makes. What throws while it is looked at is not there, and a circle ends with the bounds.
 */
final class LooseTree {

    /** No number that means anything here is larger; writing out a huge one takes the square of its length. */
    private static final int MOST_BITS = 512;

    private final LookBounds bounds;

    private LooseTree(LookBounds bounds) {
        this.bounds = bounds;
    }

    /**
     * Any object as a tree.
     *
     * @return a map, a list or a string; null where there is nothing to read
     */
    static @Nullable Object of(@Nullable Object error, LookBounds bounds) {
        return Attempted.orNull(() -> new LooseTree(bounds).value(error, 0));
    }

    /** The text of bytes or characters, as far as it is looked at; null for anything else. */
    static @Nullable String text(@Nullable Object error) {
        if (error instanceof byte[] bytes) {
            return new String(bytes, 0, Math.min(bytes.length, LookBounds.MOST_CHARS), StandardCharsets.UTF_8);
        }
        if (error instanceof CharSequence chars) {
            String text = Attempted.<String>orNull(chars::toString);
            return text == null ? null : Scan.cut(text, LookBounds.MOST_CHARS);
        }
        return null;
    }

    private @Nullable Object value(@Nullable Object value, int depth) {
        if (!bounds.value() || value == null || depth > LookBounds.DEEPEST) {
            return null;
        }
        if (value instanceof JsonNode node) {
            return node(node, depth);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, depth);
        }
        if (value instanceof Object[] array) {
            return list(Arrays.asList(array), depth);
        }
        if (value instanceof Iterable<?> several) {
            return list(several, depth);
        }
        String text = text(value);
        return bounds.chars(text != null ? text : scalar(value));
    }

    private @Nullable Object node(JsonNode node, int depth) {
        if (node.isObject()) {
            Map<String, Object> read = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> property : node.properties()) {
                PartialJson.put(read, property.getKey(), value(property.getValue(), depth + 1));
                if (bounds.isSpent()) {
                    break;
                }
            }
            return read;
        }
        if (node.isArray()) {
            return list(node, depth);
        }
        if (node.isString()) {
            return bounds.chars(node.stringValue());
        }
        if (node.isNumber()) {
            return bounds.chars(scalar(node.numberValue()));
        }
        return node.isBoolean() ? String.valueOf(node.booleanValue()) : null;
    }

    private Map<String, Object> map(Map<?, ?> map, int depth) {
        Map<String, Object> read = new LinkedHashMap<>();
        Attempted.orNull(() -> {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                PartialJson.put(read, entry.getKey(), value(entry.getValue(), depth + 1));
                if (bounds.isSpent()) {
                    break;
                }
            }
            return null;
        });
        return read;
    }

    private List<Object> list(Iterable<?> several, int depth) {
        List<Object> read = new ArrayList<>();
        Attempted.orNull(() -> {
            for (Object one : several) {
                Object value = value(one, depth + 1);
                if (value != null) {
                    read.add(value);
                }
                if (bounds.isSpent()) {
                    break;
                }
            }
            return null;
        });
        return read;
    }

    private static @Nullable String scalar(Object value) {
        if ((value instanceof BigInteger large && large.bitLength() > MOST_BITS)
                || (value instanceof BigDecimal decimal
                        && decimal.unscaledValue().bitLength() > MOST_BITS)) {
            return null;
        }
        return value instanceof Number || value instanceof Boolean || value instanceof Enum<?>
                ? value.toString()
                : null;
    }
}
