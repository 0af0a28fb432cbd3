package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.support.Json;
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
    private static final int MAX_SHOWN = 80;

    private ProfileEntry() {}

    /** An entry that does not count, and why. Never leaves this package. */
    static final class Unusable extends Exception {

        private final transient @Nullable JsonNode value;
        private final @Nullable String field;

        Unusable(@Nullable String field, @Nullable JsonNode value, String advice) {
            super(advice, null, false, false);
            this.field = field;
            this.value = value;
        }

        ProfileProblem at(int index) {
            return new ProfileProblem(index, field, value == null ? null : shown(value), String.valueOf(getMessage()));
        }
    }

    static RateLimitProfile read(JsonNode entry) throws Unusable {
        if (!entry.isObject()) {
            throw new Unusable(null, entry, "write an object with the keys " + String.join(", ", FIELDS));
        }
        String provider = text(entry, PROVIDER);
        String model = text(entry, MODEL);
        long rpm = whole(entry, RPM);
        long tpm = whole(entry, TPM);
        try {
            RateLimitProfile.Builder builder =
                    RateLimitProfile.builder(provider, model).rpm(rpm).tpm(tpm);
            if (entry.has(TARGET)) {
                builder.utilizationTarget(number(entry, TARGET));
            }
            if (entry.has(CONCURRENCY)) {
                builder.concurrency(Math.toIntExact(whole(entry, CONCURRENCY)));
            }
            if (entry.has(SOURCE)) {
                builder.source(text(entry, SOURCE));
            }
            return grownIfDefault(builder.build());
        } catch (ArithmeticException tooLarge) {
            throw new Unusable(CONCURRENCY, entry.get(CONCURRENCY), "write a number up to " + Integer.MAX_VALUE);
        } catch (IllegalArgumentException refused) {
            throw refusal(entry, String.valueOf(refused.getMessage()));
        }
    }

    /** The name of an entry, however bad its numbers; null where it has none. */
    static @Nullable ModelKey name(JsonNode entry) {
        try {
            return entry.isObject() ? ModelKey.of(text(entry, PROVIDER), text(entry, MODEL)) : null;
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

    /** Sets the seven keys, in their order; an entry's further keys stay. */
    static void write(RateLimitProfile profile, long rpm, long tpm, ObjectNode entry) {
        entry.put(PROVIDER, profile.key().provider());
        entry.put(MODEL, profile.key().model());
        entry.put(RPM, rpm);
        entry.put(TPM, tpm);
        entry.put(TARGET, profile.utilizationTarget());
        entry.put(CONCURRENCY, profile.concurrencyCap());
        entry.put(SOURCE, profile.source());
    }

    /** As in the built-in tables, whose rows these are: the cap of 1 is a start, the effective rpm the bound. */
    private static RateLimitProfile grownIfDefault(RateLimitProfile profile) {
        if (!profile.source().equals(DEFAULT_SOURCE)) {
            return profile;
        }
        long bound = Math.max(profile.concurrencyCap(), Math.min(profile.effectiveRpm(), Integer.MAX_VALUE));
        return profile.toBuilder().maxConcurrency((int) bound).build();
    }

    /** The rules of a profile name the key that breaks them first. */
    private static Unusable refusal(JsonNode entry, String rule) {
        String field = FIELDS.stream().filter(rule::startsWith).findFirst().orElse(null);
        return new Unusable(field, field == null ? entry : entry.get(field), rule.replaceFirst("(?s), was .*", ""));
    }

    private static String text(JsonNode entry, String field) throws Unusable {
        JsonNode value = present(entry, field);
        if (!value.isString()) {
            throw new Unusable(field, value, "write a text in quotes");
        }
        return value.asString();
    }

    private static long whole(JsonNode entry, String field) throws Unusable {
        JsonNode value = present(entry, field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new Unusable(field, value, "write a whole number, without quotes");
        }
        return value.longValue();
    }

    private static double number(JsonNode entry, String field) throws Unusable {
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

    private static String shown(JsonNode value) {
        String json = Json.compact(value);
        return json.length() <= MAX_SHOWN ? json : json.substring(0, MAX_SHOWN) + "…";
    }
}
