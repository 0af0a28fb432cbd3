package io.sluice.failure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an answer, read so that nothing in them can hurt: whatever the source throws or leaves out, there is a
 * short list of short values. Headers that stand in a body count where the answer has none of that name.
 */
final class HeaderFields {

    private static final int MOST_VALUES = 16;
    private static final int LONGEST_VALUE = 1_024;
    private static final int MOST_NAMES = 256;

    static final HeaderFields NONE = new HeaderFields(name -> List.of(), Map.of());

    private final Function<? super String, ? extends @Nullable List<String>> source;
    private final Map<String, List<String>> inBody;

    HeaderFields(Function<? super String, ? extends @Nullable List<String>> source, Map<String, List<String>> inBody) {
        this.source = source;
        this.inBody = inBody;
    }

    /** A map as a source that is asked in any case; values are strings or lists of them. */
    static Map<String, List<String>> of(Map<?, ?> headers) {
        Map<String, List<String>> fields = new HashMap<>();
        Attempted.orNull(() -> {
            for (Map.Entry<?, ?> header : headers.entrySet()) {
                if (fields.size() == MOST_NAMES) {
                    break;
                }
                List<String> values = new ArrayList<>();
                if (header.getValue() instanceof Iterable<?> several) {
                    collect(several, values);
                } else {
                    add(header.getValue(), values);
                }
                if (header.getKey() instanceof String name
                        && name.length() <= LookBounds.LONGEST_NAME
                        && !values.isEmpty()) {
                    fields.put(name.toLowerCase(Locale.ROOT), values);
                }
            }
            return null;
        });
        return fields;
    }

    /**
     * The values of a header in their order, without blanks around them.
     *
     * @param name in lower case
     */
    List<String> values(String name) {
        List<String> values = new ArrayList<>(1);
        Attempted.orNull(() -> {
            List<String> found = source.apply(name);
            if (found != null && !found.isEmpty()) {
                collect(found, values);
            }
            return null;
        });
        return values.isEmpty() ? inBody.getOrDefault(name, values) : values;
    }

    /** The first value of a header; null where there is none. */
    @Nullable
    String first(String name) {
        List<String> values = values(name);
        return values.isEmpty() ? null : values.get(0);
    }

    /** The server's own time, as its {@code Date} says; null where it does not. */
    @Nullable
    Instant date(@Nullable Instant now) {
        String date = first("date");
        return date == null ? null : HttpDate.parse(date, now);
    }

    private static void collect(Iterable<?> from, List<String> into) {
        int looks = 0;
        for (Object value : from) {
            add(value, into);
            if (++looks == MOST_VALUES) {
                break;
            }
        }
    }

    private static void add(@Nullable Object value, List<String> into) {
        if (value instanceof String || value instanceof Number) {
            String text = value.toString();
            if (text != null && text.length() <= LONGEST_VALUE) {
                into.add(text.strip());
            }
        }
    }
}
