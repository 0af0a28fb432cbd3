package io.sluice.price;

import io.sluice.support.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The values of one object of a list of prices. What is not as it must be is a problem with its place, and reads as absent.
 */
final class PriceFields {

    private static final int SHOWN = 60;

    private final String place;
    private final JsonNode object;
    private final List<String> problems;
    private final int before;

    PriceFields(String place, JsonNode object, List<String> problems) {
        this.place = place;
        this.object = object;
        this.problems = problems;
        this.before = problems.size();
    }

    /** Whether it is an object, without keys other than these. */
    boolean isObject(String... known) {
        if (!(object instanceof ObjectNode fields)) {
            problems.add((place.isEmpty() ? "the document" : place) + " must be an object, was " + shown(object));
            return false;
        }
        Set<String> names = Set.of(known);
        for (String name : fields.propertyNames()) {
            if (!names.contains(name)) {
                problem(name, "is not a key of prices; there are " + String.join(", ", known));
            }
        }
        return true;
    }

    /** Whether everything was as it must be so far. */
    boolean areGood() {
        return problems.size() == before;
    }

    void problem(String key, String what) {
        problems.add(at(key) + " " + what);
    }

    void refused(IllegalArgumentException reason) {
        problems.add(place + ": " + reason.getMessage());
    }

    String required(String key) {
        String text = text(key);
        if (text == null && !object.has(key)) {
            problem(key, "is missing");
        }
        return text == null ? "" : text;
    }

    @Nullable
    String text(String key) {
        JsonNode value = object.get(key);
        if (value == null) {
            return null;
        }
        if (!value.isString() || value.stringValue().isBlank()) {
            problem(key, "must be a text, was " + shown(value));
            return null;
        }
        return value.stringValue();
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        JsonNode value = object.get(key);
        if (value == null) {
            return texts;
        }
        if (!(value instanceof ArrayNode items)) {
            problem(key, "must be an array of texts, was " + shown(value));
            return texts;
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).isString()) {
                texts.add(items.get(i).stringValue());
            } else {
                problem(key + "[" + i + "]", "must be a text, was " + shown(items.get(i)));
            }
        }
        return texts;
    }

    @Nullable
    LocalDate day(String key) {
        String text = text(key);
        if (text == null) {
            return null;
        }
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException notADay) {
            problem(key, "must be a day such as 2026-09-24, was " + shown(object.get(key)));
            return null;
        }
    }

    /** A number that must be there; zero where it is not. */
    BigDecimal amount(String key) {
        if (!object.has(key)) {
            problem(key, "is missing");
        }
        return amount(key, BigDecimal.ZERO);
    }

    BigDecimal amount(String key, BigDecimal orElse) {
        JsonNode value = object.get(key);
        if (value == null) {
            return orElse;
        }
        BigDecimal amount = value.isNumber() ? value.decimalValue() : null;
        // Bounded before anything is computed with it: 1e999999999 would be written out.
        if (amount == null
                || amount.signum() < 0
                || amount.compareTo(TokenRates.MAX) > 0
                || amount.stripTrailingZeros().scale() > TokenRates.MAX_DECIMALS) {
            problem(
                    key,
                    "must be a number between 0 and " + TokenRates.MAX + ", with at most " + TokenRates.MAX_DECIMALS
                            + " decimals and without quotes, was " + shown(value));
            return orElse;
        }
        return amount;
    }

    long tokens(String key) {
        JsonNode value = object.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() <= 0) {
            problem(key, "must be a whole number of tokens, at least 1, was " + shown(value));
            return 1;
        }
        return value.longValue();
    }

    List<PriceFields> objects(String key) {
        List<PriceFields> found = new ArrayList<>();
        JsonNode value = object.get(key);
        if (value == null) {
            return found;
        }
        if (!(value instanceof ArrayNode items)) {
            problem(key, "must be an array, was " + shown(value));
            return found;
        }
        for (int i = 0; i < items.size(); i++) {
            found.add(new PriceFields(at(key) + "[" + i + "]", items.get(i), problems));
        }
        return found;
    }

    boolean has(String key) {
        return object.has(key);
    }

    private String at(String key) {
        return place.isEmpty() ? key : place + "." + key;
    }

    static String shown(JsonNode value) {
        if (value.isMissingNode()) {
            return "missing";
        }
        String text = Json.compact(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
