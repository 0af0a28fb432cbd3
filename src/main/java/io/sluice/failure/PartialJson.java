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

    private static final int MOST_LOOKS = 4;

    private final LookBounds bounds;
    private final List<Object> open = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private @Nullable Object root;
    /** Where the root ends; negative where the text ends, or stops being JSON, before. */
    private long end = -1;

    private PartialJson(LookBounds bounds) {
        this.bounds = bounds;
    }

    /**
     * What was found.
     *
     * @param tree a map or list
     * @param whole whether the text is nothing but this, be it cut off; else there are words before or after it
     */
    record Found(Object tree, boolean whole) {}

    /**
     * The first object, or a list with objects that the text begins with: words in brackets, such as a status, are none.
     * Null where there is neither.
     */
    static @Nullable Found read(String text, LookBounds bounds) {
        int first = Scan.spacesEnd(text, text.startsWith("\ufeff") ? 1 : 0);
        if (text.startsWith("[", first)) {
            Found list = read(text, first, true, bounds);
            if (list != null) {
                return list;
            }
        }
        // A few times: the first brace may be that of a template, or of another language's map.
        int start = text.indexOf('{', first);
        for (int looks = 0; start >= 0 && looks < MOST_LOOKS; looks++) {
            Found found = read(text, start, start == first, bounds);
            if (found != null) {
                return withListAround(text, start, found, bounds);
            }
            start = text.indexOf('{', start + 1);
        }
        return null;
    }

    /** Google's details come as a list within words, of which the first object is only one. */
    private static Found withListAround(String text, int start, Found found, LookBounds bounds) {
        if (start > 0 && text.charAt(start - 1) == '[') {
            Found list = read(text, start - 1, false, bounds);
            return list == null ? found : list;
        }
        return found;
    }

    private static @Nullable Found read(String text, int start, boolean fromTheBeginning, LookBounds bounds) {
        PartialJson json = new PartialJson(bounds);
        String some = text.substring(start, Math.min(text.length(), start + LookBounds.MOST_CHARS));
        Attempted.orNull(() -> {
            try (JsonParser parser = Json.mapper().createParser(some)) {
                json.read(parser);
            }
            return null;
        });
        Object tree = json.root;
        if (tree == null || !hasObject(tree)) {
            return null;
        }
        boolean endsThere = json.end < 0 || Scan.spacesEnd(some, (int) json.end) == some.length();
        return new Found(tree, fromTheBeginning && endsThere);
    }

    private static boolean hasObject(Object tree) {
        if (tree instanceof List<?> list) {
            return list.stream().anyMatch(one -> one instanceof Map<?, ?> map && !map.isEmpty());
        }
        return tree instanceof Map<?, ?> map && !map.isEmpty();
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
                end = parser.currentLocation().getCharOffset();
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

    /** Adds a property where it has a name of some length and a value; of names that differ by case only, the first counts. */
    static void put(Map<String, Object> into, @Nullable Object key, @Nullable Object value) {
        if (key instanceof String name && name.length() <= LookBounds.LONGEST_NAME && value != null) {
            into.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
        }
    }
}
