package io.sluice.store.file;

import java.math.BigDecimal;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** Values of an entry, of the kind that they must be. */
final class EntryFields {

    /** As many as the nanoseconds of a long hold. */
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(Long.MAX_VALUE / 1_000_000_000);

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

    static Duration seconds(JsonNode entry, String field) throws Unusable {
        JsonNode value = present(entry, field);
        if (value.isNumber()) {
            // Not rounded: of a number such as 1e-1000000000 that would take for ever.
            BigDecimal seconds = value.decimalValue().stripTrailingZeros();
            if (seconds.signum() >= 0 && seconds.compareTo(MOST_SECONDS) <= 0 && seconds.scale() <= 9) {
                return Duration.ofNanos(seconds.movePointRight(9).longValueExact());
            }
        }
        throw new Unusable(
                field,
                value,
                "write a number of seconds between 0 and " + MOST_SECONDS
                        + ", with up to nine decimals, without quotes");
    }

    private static JsonNode present(JsonNode entry, String field) throws Unusable {
        JsonNode value = entry.get(field);
        if (value == null) {
            throw new Unusable(field, null, "add it");
        }
        return value;
    }
}
