package io.sluice.store.file;

import tools.jackson.databind.JsonNode;

/** Values of an entry, of the kind that they must be. */
final class EntryFields {

    private EntryFields() {}

    static String text(JsonNode entry, String field) throws Unusable {
        JsonNode value = present(entry, field);
        if (!value.isString()) {
            throw new Unusable(field, value, "write a text in quotes");
        }
        return value.asString();
    }

    static long whole(JsonNode entry, String field) throws Unusable {
        JsonNode value = present(entry, field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new Unusable(field, value, "write a whole number, without quotes");
        }
        return value.longValue();
    }

    static int integer(JsonNode entry, String field) throws Unusable {
        long value = whole(entry, field);
        if (value > Integer.MAX_VALUE || value < Integer.MIN_VALUE) {
            throw new Unusable(field, entry.get(field), "write a number up to " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    static double number(JsonNode entry, String field) throws Unusable {
        JsonNode value = present(entry, field);
        if (!value.isNumber()) {
            throw new Unusable(field, value, "write a number, without quotes");
        }
        return value.decimalValue().doubleValue();
    }

    private static JsonNode present(JsonNode entry, String field) throws Unusable {
        JsonNode value = entry.get(field);
        if (value == null) {
            throw new Unusable(field, null, "add it");
        }
        return value;
    }
}
