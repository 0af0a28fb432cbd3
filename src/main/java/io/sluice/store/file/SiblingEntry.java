package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.support.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of the sibling file. Either it adds to the profile of that name in the first file, with nothing but a name
 * and {@linkplain ProfileField further fields}; or it is a whole profile, of a kind that the first file cannot hold.
 */
final class SiblingEntry {

    static final String ACCOUNT = "account";

    private static final List<String> WHOLE = List.of(
            ACCOUNT,
            ProfileEntry.RPM,
            ProfileEntry.TPM,
            ProfileEntry.TARGET,
            ProfileEntry.CONCURRENCY,
            ProfileEntry.SOURCE);

    private static final List<String> FIELDS = fields();

    private SiblingEntry() {}

    private static List<String> fields() {
        List<String> fields = new ArrayList<>(List.of(ProfileEntry.PROVIDER, ProfileEntry.MODEL));
        fields.addAll(WHOLE);
        ProfileField.ALL.forEach(field -> fields.add(field.name()));
        return List.copyOf(fields);
    }

    static boolean isWhole(JsonNode entry) {
        return WHOLE.stream().anyMatch(entry::has);
    }

    /** Whether it adds anything that is understood. */
    static boolean isAddition(JsonNode entry) {
        return ProfileField.ALL.stream().anyMatch(field -> entry.has(field.name()));
    }

    /** The name of an entry, however bad its values; null where it has none. */
    static @Nullable ModelKey name(JsonNode entry) {
        try {
            return named(entry);
        } catch (Unusable | IllegalArgumentException nameless) {
            return null;
        }
    }

    private static ModelKey named(JsonNode entry) throws Unusable {
        if (!entry.isObject()) {
            throw ProfileEntry.notAnObject(entry, FIELDS);
        }
        return new ModelKey(
                EntryFields.text(entry, ProfileEntry.PROVIDER),
                EntryFields.text(entry, ProfileEntry.MODEL),
                entry.has(ACCOUNT) ? EntryFields.text(entry, ACCOUNT) : null);
    }

    /** A whole profile. */
    static RateLimitProfile read(JsonNode entry) throws Unusable {
        try {
            RateLimitProfile.Builder profile = RateLimitProfile.builder(named(entry));
            if (entry.has(ProfileEntry.RPM)) {
                profile.rpm(EntryFields.whole(entry, ProfileEntry.RPM));
            }
            if (entry.has(ProfileEntry.TPM)) {
                profile.tpm(EntryFields.whole(entry, ProfileEntry.TPM));
            }
            ProfileEntry.readRest(entry, profile);
            return added(entry, ProfileEntry.grownIfDefault(profile.build()));
        } catch (IllegalArgumentException refused) {
            throw ProfileEntry.refusal(entry, FIELDS, refused);
        }
    }

    /** A profile of the first file, with what an entry of this one adds. */
    static RateLimitProfile added(JsonNode entry, RateLimitProfile to) throws Unusable {
        try {
            RateLimitProfile.Builder profile = to.toBuilder();
            for (ProfileField field : ProfileField.ALL) {
                if (entry.has(field.name())) {
                    field.reader().read(entry, profile);
                }
            }
            return profile.build();
        } catch (IllegalArgumentException refused) {
            throw ProfileEntry.refusal(entry, FIELDS, refused);
        }
    }

    /**
     * The entry that a profile needs, which keeps the present one's unknown keys; null where it needs none.
     *
     * @param present the entry of that name, which stays as it is; null where there is none
     */
    static @Nullable ObjectNode of(RateLimitProfile profile, @Nullable ObjectNode present) {
        ObjectNode entry = present == null ? named(profile.key()) : present.deepCopy();
        WHOLE.forEach(field -> {
            if (!field.equals(ACCOUNT)) {
                entry.remove(field);
            }
        });
        if (!ProfileEntry.holds(profile)) {
            ProfileEntry.write(profile, entry);
        }
        RateLimitProfile plain = ProfileEntry.plain(profile);
        for (ProfileField field : ProfileField.ALL) {
            JsonNode value = field.value().apply(profile);
            if (value == null || value.equals(field.value().apply(plain))) {
                entry.remove(field.name());
            } else {
                entry.set(field.name(), value);
            }
        }
        return entry.size() == named(profile.key()).size() ? null : entry;
    }

    /** An entry that says nothing but its name. */
    static ObjectNode named(ModelKey key) {
        ObjectNode entry = Json.mapper()
                .createObjectNode()
                .put(ProfileEntry.PROVIDER, key.provider())
                .put(ProfileEntry.MODEL, key.model());
        if (key.account() != null) {
            entry.put(ACCOUNT, key.account());
        }
        return entry;
    }

    /** A profile with all that it says, for other files that show it. */
    static ObjectNode whole(RateLimitProfile profile) {
        ObjectNode entry = named(profile.key());
        ProfileEntry.write(profile, entry);
        for (ProfileField field : ProfileField.ALL) {
            JsonNode value = field.value().apply(profile);
            if (value != null) {
                entry.set(field.name(), value);
            }
        }
        return entry;
    }
}
