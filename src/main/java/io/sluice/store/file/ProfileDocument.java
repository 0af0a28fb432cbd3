package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.support.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The array of one file while it is read or changed: entries that are not understood stay in it as they are. */
final class ProfileDocument {

    private final Path file;
    private final ArrayNode entries;
    private final Function<JsonNode, @Nullable ModelKey> name;
    private final String original;

    private ProfileDocument(
            Path file, ArrayNode entries, Function<JsonNode, @Nullable ModelKey> name, String original) {
        this.file = file;
        this.entries = entries;
        this.name = name;
        this.original = original;
    }

    /**
     * @param content the file's bytes, or null where there is no file
     * @param name the name of an entry, or null where it has none
     * @throws DamagedFileException if they are not a JSON array
     */
    static ProfileDocument parse(Path file, byte @Nullable [] content, Function<JsonNode, @Nullable ModelKey> name) {
        if (content == null) {
            return new ProfileDocument(file, Json.mapper().createArrayNode(), name, "[]");
        }
        try {
            JsonNode document = Json.read(content);
            if (document instanceof ArrayNode entries) {
                return new ProfileDocument(file, entries, name, Json.compact(entries));
            }
            throw DamagedFileException.notAnArray(file, document);
        } catch (JacksonException notJson) {
            throw DamagedFileException.notJson(file, notJson);
        }
    }

    /** One that can be changed without changing this one. */
    ProfileDocument copy() {
        return new ProfileDocument(file, entries.deepCopy(), name, original);
    }

    Path file() {
        return file;
    }

    int size() {
        return entries.size();
    }

    JsonNode get(int index) {
        return entries.get(index);
    }

    /** Where the last entry with this name stands, be it usable or not; -1 where there is none. */
    int lastOf(ModelKey key) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (key.equals(name.apply(entries.get(i)))) {
                return i;
            }
        }
        return -1;
    }

    /** The last entry with this name; null where there is none. */
    @Nullable
    ObjectNode find(ModelKey key) {
        int index = lastOf(key);
        return index < 0 ? null : (ObjectNode) entries.get(index);
    }

    ObjectNode add() {
        return entries.addObject();
    }

    /** Puts an entry in the place of the last with its name, or at the end; with null takes out all with that name. */
    void replace(ModelKey key, @Nullable ObjectNode entry) {
        int index = lastOf(key);
        if (entry == null) {
            for (; index >= 0; index = lastOf(key)) {
                entries.remove(index);
            }
        } else if (index < 0) {
            entries.add(entry);
        } else {
            entries.set(index, entry);
        }
    }

    void set(int index, JsonNode entry) {
        entries.set(index, entry);
    }

    void remove(int index) {
        entries.remove(index);
    }

    /** Whether it says something else than the file when it was read. */
    boolean isChanged() {
        return !original.equals(Json.compact(entries));
    }

    boolean says(ProfileDocument other) {
        return Json.compact(entries).equals(Json.compact(other.entries));
    }

    byte[] bytes() {
        return Json.pretty(entries).getBytes(StandardCharsets.UTF_8);
    }
}
