package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.support.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The state file while it is read or changed: {@code {"version": 1, "models": [...]}}. */
final class StateDocument {

    private static final String VERSION_FIELD = "version";
    private static final String MODELS = "models";
    private static final String OF_THE_EARLIER_SYSTEM = "states";
    private static final int VERSION = 1;

    /** How long an entry stays that nobody saves again; at least two of its windows. */
    private static final Duration KEPT = Duration.ofDays(1);

    /** The same, where something counts until a midnight: the longest day of a zone. */
    private static final Duration LONG_DAY = Duration.ofHours(25);

    private final ObjectNode document;
    private final ArrayNode models;

    private StateDocument(ObjectNode document, ArrayNode models) {
        this.document = document;
        this.models = models;
    }

    /**
     * @param content the file's bytes, or null where there is no file
     * @throws DamagedFileException if they are not a state file of this program
     */
    static StateDocument parse(Path file, byte @Nullable [] content) {
        if (content == null) {
            return of(Json.mapper().createObjectNode().put(VERSION_FIELD, VERSION));
        }
        try {
            JsonNode read = Json.read(content);
            if (!(read instanceof ObjectNode document)) {
                throw DamagedFileException.notAnObject(file, read);
            }
            JsonNode models = document.get(MODELS);
            if (models == null && document.has(OF_THE_EARLIER_SYSTEM)) {
                throw DamagedFileException.ofAnother(file, "another program");
            }
            JsonNode version = document.get(VERSION_FIELD);
            if (version != null && !(version.isInt() && version.intValue() == VERSION)) {
                throw DamagedFileException.ofAnother(file, "another version");
            }
            if (models == null) {
                return of(document);
            }
            if (models instanceof ArrayNode entries) {
                return new StateDocument(document, entries);
            }
            throw DamagedFileException.noStates(file, models);
        } catch (JacksonException notJson) {
            throw DamagedFileException.notJson(file, notJson);
        }
    }

    private static StateDocument of(ObjectNode document) {
        return new StateDocument(document, document.putArray(MODELS));
    }

    StateFile.Contents contents(Path file) {
        Map<ModelKey, SavedState> found = new LinkedHashMap<>();
        Map<ModelKey, Integer> places = new LinkedHashMap<>();
        List<EntryProblem> problems = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            int index = i;
            try {
                SavedState saved = StateEntry.read(models.get(i), wrong -> problems.add(wrong.at(file, index)));
                ModelKey key = saved.state().key();
                Integer earlier = places.put(key, i);
                if (earlier != null) {
                    problems.add(ProfileEntry.repeated(models.get(earlier), i).at(file, earlier));
                }
                found.put(key, saved);
            } catch (Unusable unusable) {
                problems.add(unusable.at(file, i));
            }
        }
        return new StateFile.Contents(file, List.copyOf(found.values()), List.copyOf(problems));
    }

    /** Puts states in the place of those of their models, and drops what is too old to be of use. */
    void put(Collection<SavedState> states) {
        Instant latest = Instant.MIN;
        for (SavedState saved : states) {
            Instant at = saved.state().at();
            latest = at.isAfter(latest) ? at : latest;
        }
        for (SavedState saved : states) {
            put(saved, latest);
        }
        for (int i = models.size() - 1; i >= 0; i--) {
            SavedState saved = read(models.get(i));
            if (saved != null && isOver(saved, latest)) {
                models.remove(i);
            }
        }
    }

    private void put(SavedState saved, Instant latest) {
        ModelKey key = saved.state().key();
        ObjectNode entry = null;
        for (int i = models.size() - 1; i >= 0; i--) {
            if (key.equals(StateEntry.name(models.get(i))) || isOfPool(models.get(i), saved.state())) {
                if (entry == null) {
                    entry = (ObjectNode) models.get(i);
                } else {
                    models.remove(i);
                }
            }
        }
        if (entry == null) {
            StateEntry.write(saved, models.addObject());
            return;
        }
        SavedState present = read(entry);
        if (present == null || !isNewer(present.state(), saved.state(), latest)) {
            StateEntry.write(saved, entry);
        }
    }

    /** A pool is saved under the model that was asked for first, which may be another one each time. */
    private static boolean isOfPool(JsonNode entry, RateLimitState state) {
        ModelKey name = StateEntry.name(entry);
        return state.pool() != null
                && name != null
                && state.pool().equals(StateEntry.pool(entry))
                && Objects.equals(name.account(), state.key().account());
    }

    /** A limiter hands on what it was given and never used; somebody else may have used it since. */
    private static boolean isNewer(RateLimitState present, RateLimitState saved, Instant latest) {
        return present.at().isAfter(saved.at()) && !present.at().isAfter(latest);
    }

    private static boolean isOver(SavedState saved, Instant latest) {
        Duration windows = saved.window().multipliedBy(2);
        Duration least = saved.state().further().isEmpty() ? KEPT : LONG_DAY;
        Duration kept = windows.compareTo(least) > 0 ? windows : least;
        Instant pausedUntil = saved.state().pausedUntil();
        return Duration.between(saved.state().at(), latest).abs().compareTo(kept) > 0
                && (pausedUntil == null
                        || !pausedUntil.isAfter(latest)
                        || saved.state().at().isAfter(latest));
    }

    private static @Nullable SavedState read(JsonNode entry) {
        try {
            return StateEntry.read(entry, leftOut -> {});
        } catch (Unusable unusable) {
            return null;
        }
    }

    byte[] bytes() {
        return Json.compact(document).getBytes(StandardCharsets.UTF_8);
    }
}
