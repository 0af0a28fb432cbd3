package io.sluice.store.file;

import io.sluice.support.Json;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An entry, or a value in it, that does not count, and why. Never leaves this package. */
final class Unusable extends Exception {

    private static final int MAX_SHOWN = 80;

    private final transient @Nullable JsonNode value;
    private final @Nullable String field;

    Unusable(@Nullable String field, @Nullable JsonNode value, String advice) {
        super(advice, null, false, false);
        this.field = field;
        this.value = value;
    }

    EntryProblem at(Path file, int index) {
        return new EntryProblem(file, index, field, value == null ? null : shown(value), String.valueOf(getMessage()));
    }

    private static String shown(JsonNode value) {
        String json = Json.compact(value);
        return json.length() <= MAX_SHOWN ? json : json.substring(0, MAX_SHOWN) + "…";
    }
}
