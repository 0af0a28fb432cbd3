package io.sluice.store.file;

import io.sluice.ratelimit.DayWindow;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.support.Json;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** The parts of a profile that are names: of a zone, of a pool, of the model itself. */
final class NameFields {

    /** The zone whose midnight begins a day; not there where a day is any 24 hours. */
    static final ProfileField DAY_ZONE = new ProfileField("day_zone", NameFields::zone, NameFields::readZone);

    static final ProfileField POOL = new ProfileField(
            "pool", profile -> text(profile.pool()), (entry, profile) -> profile.pool(EntryFields.text(entry, "pool")));

    static final ProfileField ALIASES =
            new ProfileField("aliases", NameFields::aliases, (entry, profile) -> profile.aliases(readNames(entry)));

    private NameFields() {}

    private static @Nullable JsonNode text(@Nullable String text) {
        return text == null ? null : Json.mapper().getNodeFactory().stringNode(text);
    }

    private static @Nullable JsonNode zone(RateLimitProfile profile) {
        ZoneId zone = profile.day().zone();
        return text(zone == null ? null : zone.getId());
    }

    private static void readZone(JsonNode entry, RateLimitProfile.Builder profile) throws Unusable {
        try {
            profile.day(DayWindow.calendar(ZoneId.of(EntryFields.text(entry, "day_zone"))));
        } catch (DateTimeException unknown) {
            throw new Unusable(
                    "day_zone", entry.get("day_zone"), "write a zone such as \"America/Los_Angeles\" or \"UTC\"");
        }
    }

    private static @Nullable JsonNode aliases(RateLimitProfile profile) {
        if (profile.aliases().isEmpty()) {
            return null;
        }
        ArrayNode names = Json.mapper().createArrayNode();
        profile.aliases().forEach(names::add);
        return names;
    }

    private static List<String> readNames(JsonNode entry) throws Unusable {
        JsonNode written = entry.get("aliases");
        List<String> names = new ArrayList<>();
        if (written == null || !written.isArray()) {
            throw new Unusable("aliases", written, "write an array of names in quotes");
        }
        for (JsonNode name : written) {
            if (!name.isString()) {
                throw new Unusable("aliases", written, "write an array of names in quotes");
            }
            names.add(name.asString());
        }
        return names;
    }
}
