package io.sluice.store.file;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitState;
import io.sluice.ratelimit.RateLimitState.Charge;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One model's entry in the state file. Charges are pairs of an age, in nanoseconds before {@code saved_at}, and an amount:
 * a full window has thousands of them.
 *
 * <p>An entry without a name or a time is nothing. Any other value that makes no sense is left out, as if it were not
 * known, and reported.
 */
final class StateEntry {

    static final String SAVED_AT = "saved_at";

    private static final String WINDOW = "window_ns";
    private static final String CAP = "concurrency_cap";
    private static final String STREAK = "success_streak";
    private static final String IN_FLIGHT = "in_flight";
    private static final String AVERAGE_REQUESTS = "average_requests";
    private static final String AVERAGE_TOKENS = "average_tokens";
    private static final String PAUSED_UNTIL = "paused_until";
    private static final String REQUESTS = "requests";
    private static final String TOKENS = "tokens";
    private static final String LIMITS = "limits";
    private static final String POOL = "pool";

    /** The limits whose charges stand under their own names, where there are any. */
    private static final List<RateLimit> FURTHER =
            List.of(RateLimit.ITPM, RateLimit.OTPM, RateLimit.RPD, RateLimit.TPD);

    private static final List<String> FIELDS =
            List.of(ProfileEntry.PROVIDER, ProfileEntry.MODEL, SAVED_AT, WINDOW, CAP, REQUESTS, TOKENS);

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long MAX_AMOUNT = 1L << 53;

    /** So long before it ages at the latest a charge is there: its place is that far in the future. */
    private static final Duration MOST_OPEN = RateLimitProfile.MAX_SKEW.negated();

    /** The years of RFC 3339. */
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** A damaged number must not stop a model for ever: no provider asks for a longer pause than until its day is over. */
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    private StateEntry() {}

    /** The name of an entry; null where it has none. */
    static @Nullable ModelKey name(JsonNode entry) {
        return SiblingEntry.name(entry);
    }

    // ---- writing ----

    /** Sets what is saved; an entry's further keys stay. */
    static void write(SavedState saved, ObjectNode entry) {
        RateLimitState state = saved.state();
        ModelKey key = state.key();
        entry.put(ProfileEntry.PROVIDER, key.provider()).put(ProfileEntry.MODEL, key.model());
        if (key.account() != null) {
            entry.put(SiblingEntry.ACCOUNT, key.account());
        }
        entry.put(SAVED_AT, state.at().toString())
                .put(WINDOW, saved.window().toNanos())
                .put(CAP, state.concurrencyCap())
                .put(STREAK, state.successStreak())
                .put(IN_FLIGHT, state.inFlight())
                .put(AVERAGE_REQUESTS, state.averageRequests())
                .put(AVERAGE_TOKENS, state.averageTokens());
        Instant pausedUntil = state.pausedUntil();
        if (pausedUntil == null) {
            entry.remove(PAUSED_UNTIL);
        } else {
            entry.put(PAUSED_UNTIL, pausedUntil.toString());
        }
        RateLimitProfile limits = saved.limits();
        if (limits == null) {
            entry.remove(LIMITS);
        } else {
            entry.set(LIMITS, SiblingEntry.whole(limits));
        }
        write(state.requests(), saved, saved.window(), entry.putArray(REQUESTS));
        write(state.tokens(), saved, saved.window(), entry.putArray(TOKENS));
        for (RateLimit limit : FURTHER) {
            if (state.charges(limit).isEmpty()) {
                entry.remove(field(limit));
            } else {
                Duration span = limit.isPerDay() ? SavedState.DAY : saved.window();
                write(state.charges(limit), saved, span, entry.putArray(field(limit)));
            }
        }
        if (state.pool() == null) {
            entry.remove(POOL);
        } else {
            entry.put(POOL, state.pool());
        }
    }

    private static String field(RateLimit limit) {
        return limit.name().toLowerCase(Locale.ROOT);
    }

    /** The pool that an entry names; null where it names none. */
    static @Nullable String pool(JsonNode entry) {
        JsonNode pool = entry.get(POOL);
        return pool != null && pool.isString() && !pool.asString().isBlank() ? pool.asString() : null;
    }

    /** Those that count no more are not written; an open one has a negative age, and what is further in the future none. */
    private static void write(List<Charge> charges, SavedState saved, Duration span, ArrayNode array) {
        Instant at = saved.state().at();
        Instant over = at.minus(span);
        for (Charge charge : charges) {
            if (charge.at().isAfter(over)) {
                Duration age = Duration.between(charge.at(), at);
                boolean possible = age.compareTo(MOST_OPEN) >= 0;
                array.addArray().add(possible ? age.toNanos() : 0).add(charge.amount());
            }
        }
    }

    // ---- reading ----

    /**
     * @param problems told of values that were left out
     * @throws Unusable if nothing is left
     */
    static SavedState read(JsonNode entry, Consumer<Unusable> problems) throws Unusable {
        if (!entry.isObject()) {
            throw ProfileEntry.notAnObject(entry, FIELDS);
        }
        ModelKey key = key(entry);
        Instant at = instant(entry, SAVED_AT);
        Instant pausedUntil = pause(entry, at, problems);
        RateLimitState state = new RateLimitState(
                key,
                at,
                charges(entry, REQUESTS, at, problems),
                charges(entry, TOKENS, at, problems),
                count(entry, CAP, problems),
                count(entry, STREAK, problems),
                count(entry, IN_FLIGHT, problems),
                average(entry, AVERAGE_REQUESTS, problems),
                average(entry, AVERAGE_TOKENS, problems),
                pausedUntil,
                further(entry, at, problems),
                pool(entry));
        return new SavedState(state, window(entry, problems), limits(entry, problems));
    }

    private static Map<RateLimit, List<Charge>> further(JsonNode entry, Instant at, Consumer<Unusable> problems) {
        Map<RateLimit, List<Charge>> further = new EnumMap<>(RateLimit.class);
        for (RateLimit limit : FURTHER) {
            List<Charge> charges = charges(entry, field(limit), at, problems);
            if (!charges.isEmpty()) {
                further.put(limit, charges);
            }
        }
        return further;
    }

    private static ModelKey key(JsonNode entry) throws Unusable {
        ModelKey key = name(entry);
        if (key != null) {
            return key;
        }
        EntryFields.text(entry, ProfileEntry.PROVIDER);
        EntryFields.text(entry, ProfileEntry.MODEL);
        throw new Unusable(null, entry, "name a provider and a model");
    }

    private static Instant instant(JsonNode entry, String field) throws Unusable {
        String text = EntryFields.text(entry, field);
        try {
            Instant instant = Instant.parse(text);
            if (!instant.isBefore(FIRST) && !instant.isAfter(LAST)) {
                return instant;
            }
        } catch (DateTimeException malformed) {
            // Told below, as is a year beyond the format.
        }
        throw new Unusable(field, entry.get(field), "write a time such as 2026-11-24T12:00:00Z");
    }

    private static @Nullable Instant pause(JsonNode entry, Instant at, Consumer<Unusable> problems) {
        if (!entry.hasNonNull(PAUSED_UNTIL)) {
            return null;
        }
        try {
            Instant until = instant(entry, PAUSED_UNTIL);
            if (until.isAfter(at.plus(LONGEST_PAUSE))) {
                throw new Unusable(PAUSED_UNTIL, entry.get(PAUSED_UNTIL), "it is more than a day after saved_at");
            }
            return until;
        } catch (Unusable wrong) {
            problems.accept(wrong);
            return null;
        }
    }

    private static Duration window(JsonNode entry, Consumer<Unusable> problems) {
        if (entry.has(WINDOW)) {
            try {
                Duration window = Duration.ofNanos(EntryFields.whole(entry, WINDOW));
                if (SavedState.isWindow(window)) {
                    return window;
                }
                throw new Unusable(WINDOW, entry.get(WINDOW), "write nanoseconds, between a microsecond and 400 days");
            } catch (Unusable wrong) {
                problems.accept(wrong);
            }
        }
        return MINUTE;
    }

    /** Zero stands for what is not known. */
    private static int count(JsonNode entry, String field, Consumer<Unusable> problems) {
        if (!entry.has(field)) {
            return 0;
        }
        try {
            long value = EntryFields.whole(entry, field);
            if (value >= 0) {
                return (int) Math.min(value, Integer.MAX_VALUE);
            }
            throw new Unusable(field, entry.get(field), "write a number of at least 0");
        } catch (Unusable wrong) {
            problems.accept(wrong);
            return 0;
        }
    }

    private static double average(JsonNode entry, String field, Consumer<Unusable> problems) {
        if (!entry.has(field)) {
            return 0;
        }
        try {
            double value = EntryFields.number(entry, field);
            if (value >= 0 && value <= Double.MAX_VALUE) {
                return value;
            }
            throw new Unusable(field, entry.get(field), "write a number of at least 0");
        } catch (Unusable wrong) {
            problems.accept(wrong);
            return 0;
        }
    }

    private static List<Charge> charges(JsonNode entry, String field, Instant at, Consumer<Unusable> problems) {
        JsonNode array = entry.get(field);
        if (array == null) {
            return List.of();
        }
        if (!array.isArray()) {
            problems.accept(
                    new Unusable(field, array, "write an array of pairs [nanoseconds before saved_at, amount]"));
            return List.of();
        }
        List<Charge> charges = new ArrayList<>(array.size());
        JsonNode wrong = null;
        int wrongs = 0;
        for (JsonNode pair : array) {
            if (isCharge(pair)) {
                charges.add(new Charge(
                        at.minusNanos(pair.get(0).longValue()), pair.get(1).longValue()));
            } else {
                wrong = wrong == null ? pair : wrong;
                wrongs++;
            }
        }
        if (wrong != null) {
            problems.accept(new Unusable(
                    field,
                    wrong,
                    "it is no pair [nanoseconds before saved_at, amount] and was left out"
                            + (wrongs == 1 ? "" : ", as were " + (wrongs - 1) + " more")));
        }
        return charges;
    }

    private static boolean isCharge(JsonNode pair) {
        return pair.isArray()
                && pair.size() == 2
                && isWhole(pair.get(0), MOST_OPEN.toNanos(), Long.MAX_VALUE)
                && isWhole(pair.get(1), 1, MAX_AMOUNT);
    }

    private static boolean isWhole(JsonNode value, long least, long most) {
        return value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= least
                && value.longValue() <= most;
    }

    private static @Nullable RateLimitProfile limits(JsonNode entry, Consumer<Unusable> problems) {
        if (!entry.hasNonNull(LIMITS)) {
            return null;
        }
        try {
            return SiblingEntry.read(entry.get(LIMITS));
        } catch (Unusable wrong) {
            problems.accept(new Unusable(LIMITS, entry.get(LIMITS), String.valueOf(wrong.getMessage())));
            return null;
        }
    }
}
