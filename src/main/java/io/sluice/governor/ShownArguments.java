package io.sluice.governor;

import io.sluice.call.Call;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Arguments as a log may show them. Of a model's call, whose arguments are its prompt, only what kind of thing they are; of a
 * tool's call names and values, but for those whose name says that they are secret or text, and all but the beginning of long
 * ones.
 */
final class ShownArguments {

    private static final int MOST_CHARACTERS = 1_000;
    private static final int LONGEST_TEXT = 64;
    private static final int MOST_ENTRIES = 20;
    private static final int DEEPEST = 4;

    /** Parts of names, without anything but letters and digits. */
    private static final Pattern SECRET = Pattern.compile(
            "passw|passphrase|pwd|secret|token|apikey|accesskey|privatekey|auth|credential|cookie|session|signature|bearer"
                    + "|otp|^(?:key|pin|jwt|sid)$");

    private static final Pattern PROMPT =
            Pattern.compile("prompt|message|content|instruction|^(?:text|input|system|body|question|task)$");

    /** What providers' keys, signed tokens and the like look like: a long word of letters and digits. */
    private static final Pattern KEY = Pattern.compile("(?=[\\w+/=.-]*\\d)(?=[\\w+/=.-]*[A-Za-z])[\\w+/=.-]{20,}");

    private final StringBuilder shown = new StringBuilder();

    private ShownArguments() {}

    static String of(Call<?> call) {
        Object arguments = call.arguments();
        if (!call.isTool() || !isStructure(arguments)) {
            return kind(arguments);
        }
        ShownArguments text = new ShownArguments();
        text.value(arguments, DEEPEST);
        return text.shown.length() <= MOST_CHARACTERS
                ? text.shown.toString()
                : text.shown.substring(0, MOST_CHARACTERS - 1) + "…";
    }

    private static boolean isStructure(Object value) {
        return value instanceof Map
                || value instanceof Collection
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof JsonNode;
    }

    /** What it is, and not what it says. */
    private static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        return value instanceof CharSequence text
                ? "a text of " + text.length() + " characters"
                : value.getClass().getSimpleName();
    }

    private void value(@Nullable Object value, int depth) {
        if (shown.length() > MOST_CHARACTERS) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            map(map, depth);
        } else if (value instanceof JsonNode node && node.isObject()) {
            entries(node.properties(), depth);
        } else if (value instanceof JsonNode node && node.isArray()) {
            list(node, depth);
        } else if (value instanceof JsonNode node) {
            text(node.isString() ? node.stringValue() : node.toString());
        } else if (value instanceof Collection<?> list) {
            list(list, depth);
        } else if (value instanceof CharSequence || value instanceof Number || value instanceof Boolean) {
            text(value.toString());
        } else {
            shown.append(kind(value));
        }
    }

    private void map(Map<?, ?> map, int depth) {
        entries(map.entrySet(), depth);
    }

    private void entries(Collection<? extends Map.Entry<?, ?>> entries, int depth) {
        if (depth == 0) {
            shown.append("{…}");
            return;
        }
        shown.append('{');
        int written = 0;
        for (Map.Entry<?, ?> entry : entries) {
            if (!begin(written++)) {
                break;
            }
            String name = String.valueOf(entry.getKey());
            text(name);
            shown.append('=');
            named(name, entry.getValue(), depth);
        }
        shown.append('}');
    }

    private void named(String name, @Nullable Object value, int depth) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (SECRET.matcher(plain).find()) {
            shown.append("[secret]");
        } else if (PROMPT.matcher(plain).find()) {
            shown.append(kind(value instanceof JsonNode node && node.isString() ? node.stringValue() : value));
        } else {
            value(value, depth - 1);
        }
    }

    private void list(Iterable<?> list, int depth) {
        if (depth == 0) {
            shown.append("[…]");
            return;
        }
        shown.append('[');
        int written = 0;
        for (Object value : list) {
            if (!begin(written++)) {
                break;
            }
            value(value, depth - 1);
        }
        shown.append(']');
    }

    /** Separates entries; false where there are enough. */
    private boolean begin(int written) {
        if (written > 0) {
            shown.append(", ");
        }
        if (written == MOST_ENTRIES) {
            shown.append('…');
        }
        return written < MOST_ENTRIES;
    }

    /** On one line, without what looks like a key, and no longer than it has to be. */
    private void text(String text) {
        // Cut late enough that a key at the edge still looks like one.
        String start = text.substring(0, Math.min(text.length(), 4 * LONGEST_TEXT));
        String hidden = KEY.matcher(start).replaceAll("[key]").replaceAll("\\p{Cntrl}", " ");
        boolean cut = start.length() < text.length() || hidden.length() > LONGEST_TEXT;
        shown.append(cut ? hidden.substring(0, Math.min(hidden.length(), LONGEST_TEXT)) + "…" : hidden);
    }
}
