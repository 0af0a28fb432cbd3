package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.support.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The file's array while it is read or changed: entries that are not understood stay in it as they are. */
final class ProfileDocument {

    private final ArrayNode entries;

    private ProfileDocument(ArrayNode entries) {
        this.entries = entries;
    }

    /**
     * @param content the file's bytes, or null where there is no file
     * @throws DamagedFileException if they are not a JSON array
     */
    static ProfileDocument parse(Path file, byte @Nullable [] content) {
        if (content == null) {
            return new ProfileDocument(Json.mapper().createArrayNode());
        }
        try {
            JsonNode document = Json.read(content);
            if (document instanceof ArrayNode entries) {
                return new ProfileDocument(entries);
            }
            throw DamagedFileException.notAnArray(file, kind(document));
        } catch (JacksonException notJson) {
            throw DamagedFileException.notJson(file, notJson);
        }
    }

    ProfileFile.Contents contents(Path file) {
        Map<ModelKey, RateLimitProfile> profiles = new LinkedHashMap<>();
        Map<ModelKey, Integer> places = new LinkedHashMap<>();
        List<ProfileProblem> problems = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            try {
                RateLimitProfile profile = ProfileEntry.read(entries.get(i));
                Integer earlier = places.put(profile.key(), i);
                if (earlier != null) {
                    problems.add(ProfileEntry.repeated(entries.get(earlier), i).at(earlier));
                }
                profiles.put(profile.key(), profile);
            } catch (ProfileEntry.Unusable unusable) {
                problems.add(unusable.at(i));
            }
        }
        return new ProfileFile.Contents(file, List.copyOf(profiles.values()), List.copyOf(problems));
    }

    /** Whether an entry has this name, be it usable or not. */
    boolean names(ModelKey key) {
        for (JsonNode entry : entries) {
            if (key.equals(ProfileEntry.name(entry))) {
                return true;
            }
        }
        return false;
    }

    /** Into the entry that counts for this name, or a new one at the end. */
    void put(RateLimitProfile profile) {
        Long rpm = profile.rpm();
        Long tpm = profile.tpm();
        if (rpm == null || tpm == null) {
            throw refused(profile, "it has no " + (rpm == null ? "rpm" : "tpm"));
        }
        if (profile.key().account() != null) {
            throw refused(profile, "it names an account");
        }
        ObjectNode entry = entryOf(profile.key());
        ProfileEntry.write(profile, rpm, tpm, entry == null ? entries.addObject() : entry);
    }

    byte[] bytes() {
        return Json.pretty(entries).getBytes(StandardCharsets.UTF_8);
    }

    private @Nullable ObjectNode entryOf(ModelKey key) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            try {
                if (entries.get(i) instanceof ObjectNode entry
                        && ProfileEntry.read(entry).key().equals(key)) {
                    return entry;
                }
            } catch (ProfileEntry.Unusable leftAsItIs) {
                // It stays; the profile gets an entry of its own.
            }
        }
        return null;
    }

    private static IllegalArgumentException refused(RateLimitProfile profile, String reason) {
        return new IllegalArgumentException("the profile of " + profile.key() + " cannot be saved: " + reason
                + ". The profile file holds profiles with an rpm and a tpm, without an account.");
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }
}
