package io.sluice.batch;

import io.sluice.support.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What a line of a file of results says of itself.
 *
 * @param id the name of the line of work
 * @param occurrence which of the lines with this id it was
 * @param failed whether the line has an error, and not an answer
 */
record ResultHead(String id, int occurrence, boolean failed) {

    /** What every result begins with. */
    private static final byte[] BEGINNING = {'{', '"', 'i', 'd', '"', ':', '"'};

    /** Reads all of the line, and keeps nothing of the answer. Null where it is not a whole result. */
    static @Nullable ResultHead read(byte[] line) {
        String id = null;
        int occurrence = 1;
        boolean answered = false;
        boolean failed = false;
        try (JsonParser parser = Json.mapper().createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (field) {
                    case "id" -> id = value == JsonToken.VALUE_STRING ? parser.getString() : null;
                    case "occurrence" -> occurrence = value == JsonToken.VALUE_NUMBER_INT ? parser.getValueAsInt(0) : 0;
                    case "response" -> answered = value != JsonToken.VALUE_NULL;
                    case "error" -> failed = value == JsonToken.START_OBJECT;
                    default -> {
                        // Nothing that says whose it is.
                    }
                }
                parser.skipChildren();
            }
            boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
            return whole && id != null && occurrence > 0 && answered != failed
                    ? new ResultHead(id, occurrence, failed)
                    : null;
        } catch (JacksonException damaged) {
            return null;
        }
    }

    /**
     * Whether this may be the beginning of a result whose end was never written. A file system that lost its power may have
     * zeros in place of what it did not write.
     */
    static boolean isTorn(byte[] line) {
        for (int i = 0; i < Math.min(line.length, BEGINNING.length); i++) {
            if (line[i] != BEGINNING[i]) {
                return line[i] == 0;
            }
        }
        return true;
    }

    Fingerprint fingerprint() {
        return Fingerprint.of(id).occurrence(occurrence);
    }
}
