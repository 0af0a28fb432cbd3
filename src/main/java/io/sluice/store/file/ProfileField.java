package io.sluice.store.file;

import io.sluice.ratelimit.Oversize;
import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RefundPolicy;
import io.sluice.support.Json;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A part of a profile that the earlier system does not know, and so stands in the sibling file. What a profile has by
 * default is not written.
 *
 * @param name its key
 * @param value what a profile has; null where it has nothing
 * @param reader puts an entry's value into a builder
 */
record ProfileField(String name, Function<RateLimitProfile, @Nullable JsonNode> value, Reader reader) {

    /** All of them, in the order in which they are written. A further one is a further line. */
    static final List<ProfileField> ALL = List.of(
            limit("itpm_limit", RateLimit.ITPM),
            limit("otpm_limit", RateLimit.OTPM),
            limit("rpd_limit", RateLimit.RPD),
            limit("tpd_limit", RateLimit.TPD),
            integer("max_concurrency", RateLimitProfile::maxConcurrency, RateLimitProfile.Builder::maxConcurrency),
            choice("oversize", Oversize.class, RateLimitProfile::oversize, RateLimitProfile.Builder::oversize),
            choice(
                    "refund_policy",
                    RefundPolicy.class,
                    RateLimitProfile::refundPolicy,
                    RateLimitProfile.Builder::refundPolicy),
            flag("refund_refused", RateLimitProfile::refundRefused, RateLimitProfile.Builder::refundRefused),
            seconds("burst_seconds", RateLimitProfile::burst, RateLimitProfile.Builder::burst),
            seconds("skew_seconds", RateLimitProfile::skew, RateLimitProfile.Builder::skew),
            CountsField.COUNTS,
            NameFields.DAY_ZONE,
            NameFields.POOL,
            NameFields.ALIASES);

    /** Puts a value of an entry, which is there, into a builder. */
    interface Reader {

        void read(JsonNode entry, RateLimitProfile.Builder profile) throws Unusable;
    }

    private static ProfileField limit(String name, RateLimit limit) {
        return new ProfileField(
                name,
                profile -> {
                    Long number = profile.limit(limit);
                    return number == null
                            ? null
                            : Json.mapper().getNodeFactory().numberNode(number);
                },
                (entry, profile) -> profile.limit(limit, EntryFields.whole(entry, name)));
    }

    private static ProfileField integer(
            String name, ToIntFunction<RateLimitProfile> get, BiConsumer<RateLimitProfile.Builder, Integer> set) {
        return new ProfileField(
                name,
                profile -> Json.mapper().getNodeFactory().numberNode(get.applyAsInt(profile)),
                (entry, profile) -> set.accept(profile, EntryFields.integer(entry, name)));
    }

    /** A time, written as seconds with up to nine decimals. */
    private static ProfileField seconds(
            String name,
            Function<RateLimitProfile, @Nullable Duration> get,
            BiConsumer<RateLimitProfile.Builder, Duration> set) {
        return new ProfileField(
                name,
                profile -> {
                    Duration time = get.apply(profile);
                    return time == null ? null : Json.mapper().getNodeFactory().numberNode(Json.seconds(time));
                },
                (entry, profile) -> set.accept(profile, EntryFields.seconds(entry, name)));
    }

    private static <E extends Enum<E>> ProfileField choice(
            String name,
            Class<E> type,
            Function<RateLimitProfile, E> get,
            BiConsumer<RateLimitProfile.Builder, E> set) {
        return new ProfileField(
                name,
                profile -> Json.mapper().getNodeFactory().stringNode(word(get.apply(profile))),
                (entry, profile) -> {
                    String written = EntryFields.text(entry, name);
                    for (E one : type.getEnumConstants()) {
                        if (word(one).equals(written)) {
                            set.accept(profile, one);
                            return;
                        }
                    }
                    throw new Unusable(name, entry.get(name), "write one of " + words(type));
                });
    }

    private static ProfileField flag(
            String name, Predicate<RateLimitProfile> get, BiConsumer<RateLimitProfile.Builder, Boolean> set) {
        return new ProfileField(
                name, profile -> Json.mapper().getNodeFactory().booleanNode(get.test(profile)), (entry, profile) -> {
                    JsonNode written = entry.get(name);
                    if (written == null || !written.isBoolean()) {
                        throw new Unusable(name, written, "write true or false, without quotes");
                    }
                    set.accept(profile, written.booleanValue());
                });
    }

    static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }

    static String words(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(one -> '"' + word(one) + '"')
                .collect(Collectors.joining(", "));
    }
}
