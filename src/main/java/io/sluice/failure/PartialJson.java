package io.sluice.failure;

import io.sluice.support.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The first JSON object or array in a text as maps (with keys in lower case), lists and strings, kept as far as it could
 * be read: error bodies come cut off, within other words, and followed by more.
 */
final class PartialJson {

    private final LookBounds bounds;
    private final List<Object> open = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private @Nullable Object root;

    private PartialJson(LookBounds bounds) {
        this.bounds = bounds;
    }

    /** A map or list; null where there is none, or nothing in it. */
    static @Nullable Object read(String text, LookBounds bounds) {
        int first = Scan.spacesEnd(text, 0);
        int start = text.startsWith("[", first) ? first : text.indexOf('{');
        if (start < 0) {
            return null;
        }
        PartialJson json = new PartialJson(bounds);
        Attempted.orNull(() -> {
            String some = text.substring(start, Math.min(text.length(), start + LookBounds.MOST_CHARS));
            try (JsonParser parser = Json.mapper().createParser(some)) {
                json.read(parser);
            }
            return null;
        });
        return json.isEmpty() ? null : json.root;
    }

    private boolean isEmpty() {
        return (root instanceof Map<?, ?> map && map.isEmpty()) || (root instanceof List<?> list && list.isEmpty());
    }

    private void read(JsonParser parser) {
        JsonToken token = parser.nextToken();
        while (token != null && !bounds.isSpent()) {
            switch (token) {
                case START_OBJECT -> open(new LinkedHashMap<String, Object>(), parser);
                case START_ARRAY -> open(new ArrayList<>(), parser);
                case END_OBJECT, END_ARRAY -> close();
                case PROPERTY_NAME -> names.set(names.size() - 1, parser.currentName());
                case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE ->
                    add(bounds.value() ? bounds.chars(parser.getString()) : null);
                default -> bounds.value();
            }
            if (open.isEmpty()) {
                return;
            }
            token = parser.nextToken();
        }
    }

    private void open(Object container, JsonParser parser) {
        if (!bounds.value() || open.size() >= LookBounds.DEEPEST) {
            parser.skipChildren();
            return;
        }
        add(container);
        if (root == null) {
            root = container;
        }
        open.add(container);
        names.add("");
    }

    private void close() {
        open.remove(open.size() - 1);
        names.remove(names.size() - 1);
    }

    @SuppressWarnings("unchecked")
    private void add(@Nullable Object value) {
        if (value == null || open.isEmpty()) {
            return;
        }
        if (open.get(open.size() - 1) instanceof List<?> list) {
            ((List<Object>) list).add(value);
        } else {
            put((Map<String, Object>) open.get(open.size() - 1), names.get(names.size() - 1), value);
        }
    }

    /** Adds a property where it has a name and a value; of names that differ by case only, the first counts. */
    static void put(Map<String, Object> into, @Nullable Object key, @Nullable Object value) {
        if (key instanceof String name && value != null) {
            into.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
    }
}
