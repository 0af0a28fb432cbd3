package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One entry of the file: seven keys, in this order. The last three may be absent and then have the earlier system's defaults. */
final class ProfileEntry {

    static final String PROVIDER = "provider";
    static final String MODEL = "model";
    static final String RPM = "rpm_limit";
    static final String TPM = "tpm_limit";
    static final String TARGET = "utilization_target";
    static final String CONCURRENCY = "concurrency_cap";
    static final String SOURCE = "source";

    /** The source of rows that repeat a built-in one. */
    static final String DEFAULT_SOURCE = "default";

    private static final List<String> FIELDS = List.of(PROVIDER, MODEL, RPM, TPM, TARGET, CONCURRENCY, SOURCE);

    private ProfileEntry() {}

    static RateLimitProfile read(JsonNode entry) throws Unusable {
        if (!entry.isObject()) {
            throw notAnObject(entry, FIELDS);
        }
        String provider = EntryFields.text(entry, PROVIDER);
        String model = EntryFields.text(entry, MODEL);
        long rpm = EntryFields.whole(entry, RPM);
        long tpm = EntryFields.whole(entry, TPM);
        try {
            RateLimitProfile.Builder profile =
                    RateLimitProfile.builder(provider, model).rpm(rpm).tpm(tpm);
            readRest(entry, profile);
            return grownIfDefault(profile.build());
        } catch (IllegalArgumentException refused) {
            throw refusal(entry, FIELDS, refused);
        }
    }

    /** What stands in an entry beside its name and its limits, as far as it does. */
    static void readRest(JsonNode entry, RateLimitProfile.Builder profile) throws Unusable {
        if (entry.has(TARGET)) {
            profile.utilizationTarget(EntryFields.number(entry, TARGET));
        }
        if (entry.has(CONCURRENCY)) {
            profile.concurrency(EntryFields.integer(entry, CONCURRENCY));
        }
        if (entry.has(SOURCE)) {
            profile.source(EntryFields.text(entry, SOURCE));
        }
    }

    /** The name of an entry, however bad its numbers; null where it has none. */
    static @Nullable ModelKey name(JsonNode entry) {
        try {
            return entry.isObject()
                    ? ModelKey.of(EntryFields.text(entry, PROVIDER), EntryFields.text(entry, MODEL))
                    : null;
        } catch (Unusable | IllegalArgumentException nameless) {
            return null;
        }
    }

    /** Why an entry does not count although nothing is wrong in it. */
    static Unusable repeated(JsonNode entry, int later) {
        return new Unusable(
                MODEL,
                entry.get(MODEL),
                "the same model stands again in entry " + later + ", which counts: remove one of them");
    }

    /** Whether the seven keys can say what this profile limits. */
    static boolean holds(RateLimitProfile profile) {
        return profile.rpm() != null && profile.tpm() != null && profile.key().account() == null;
    }

    /** Sets the seven keys, in their order; a limit that is not there is taken out, an entry's further keys stay. */
    static void write(RateLimitProfile profile, ObjectNode entry) {
        entry.put(PROVIDER, profile.key().provider());
        entry.put(MODEL, profile.key().model());
        write(RPM, profile.rpm(), entry);
        write(TPM, profile.tpm(), entry);
        entry.put(TARGET, profile.utilizationTarget());
        entry.put(CONCURRENCY, profile.concurrencyCap());
        entry.put(SOURCE, profile.source());
    }

    private static void write(String field, @Nullable Long limit, ObjectNode entry) {
        if (limit == null) {
            entry.remove(field);
        } else {
            entry.put(field, limit);
        }
    }

    /** What the file alone would say of a profile: its seven keys, and the defaults of all else. */
    static RateLimitProfile plain(RateLimitProfile profile) {
        RateLimitProfile.Builder plain = RateLimitProfile.builder(profile.key())
                .utilizationTarget(profile.utilizationTarget())
                .concurrency(profile.concurrencyCap())
                .source(profile.source());
        Long rpm = profile.rpm();
        if (rpm != null) {
            plain.rpm(rpm);
        }
        Long tpm = profile.tpm();
        if (tpm != null) {
            plain.tpm(tpm);
        }
        return grownIfDefault(plain.build());
    }

    /** As in the built-in tables, whose rows these are: the cap of 1 is a start, the effective rpm the bound. */
    static RateLimitProfile grownIfDefault(RateLimitProfile profile) {
        if (!profile.source().equals(DEFAULT_SOURCE)) {
            return profile;
        }
        long bound = Math.max(profile.concurrencyCap(), Math.min(profile.effectiveRpm(), Integer.MAX_VALUE));
        return profile.toBuilder().maxConcurrency((int) bound).build();
    }

    static Unusable notAnObject(JsonNode entry, List<String> fields) {
        return new Unusable(null, entry, "write an object with the keys " + String.join(", ", fields));
    }

    /** The rules of a profile name the key that breaks them first. */
    static Unusable refusal(JsonNode entry, List<String> fields, IllegalArgumentException refused) {
        String rule = String.valueOf(refused.getMessage());
        String field = fields.stream().filter(rule::startsWith).findFirst().orElse(null);
        return new Unusable(field, field == null ? entry : entry.get(field), rule.replaceFirst("(?s), was .*", ""));
    }
}
