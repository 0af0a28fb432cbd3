package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a profile was given, checked. Where null, or a limit is missing from {@code counts}, nothing was said and the
 * profile's defaults hold.
 */
record ProfileValues(
        ModelKey key,
        Map<RateLimit, Long> limits,
        double utilizationTarget,
        int concurrencyCap,
        @Nullable Integer maxConcurrency,
        Oversize oversize,
        @Nullable RefundPolicy refundPolicy,
        boolean refundRefused,
        @Nullable Duration burst,
        @Nullable Duration skew,
        Map<RateLimit, TokenCounts> counts,
        DayWindow day,
        @Nullable String pool,
        Set<String> aliases,
        String source) {

    /** The largest limit: 2^53, the largest integer that every JSON reader keeps. */
    static final long MAX_LIMIT = 1L << 53;

    ProfileValues {
        limits = copy(limits);
        counts = copy(counts);
        pool = pool == null ? null : name("pool", pool);
        aliases = names(aliases);
        for (RateLimit limit : RateLimit.values()) {
            checkLimit(key, limit.field(), limits.get(limit));
        }
        if (!(utilizationTarget > 0 && utilizationTarget <= 1)) {
            throw refused(key, "utilization_target must be greater than 0 and at most 1", utilizationTarget);
        }
        if (concurrencyCap <= 0) {
            throw refused(key, "concurrency_cap must be greater than zero", concurrencyCap);
        }
        if (maxConcurrency != null && maxConcurrency < concurrencyCap) {
            throw refused(
                    key, "max_concurrency must be at least the concurrency_cap of " + concurrencyCap, maxConcurrency);
        }
        if (burst != null && !limits.containsKey(RateLimit.RPM)) {
            throw new IllegalArgumentException("a burst is one of requests, so it needs an rpm_limit (profile of " + key
                    + " with a burst of " + burst + ")");
        }
        if (key.isWildcard() && !aliases.isEmpty()) {
            throw new IllegalArgumentException("aliases are further names of one model, so a wildcard has none, was "
                    + aliases + " (profile of " + key + ")");
        }
    }

    /** The share of a limit that is in use, in exact decimal arithmetic; the largest long where there is no limit. */
    long effective(RateLimit name) {
        Long limit = limits.get(name);
        if (limit == null) {
            return Long.MAX_VALUE;
        }
        long floor = BigDecimal.valueOf(limit)
                .multiply(BigDecimal.valueOf(utilizationTarget))
                .setScale(0, RoundingMode.FLOOR)
                .longValueExact();
        return Math.max(1, floor);
    }

    private static <V> Map<RateLimit, V> copy(Map<RateLimit, V> map) {
        Map<RateLimit, V> copy = new EnumMap<>(RateLimit.class);
        copy.putAll(map);
        return copy;
    }

    private static Set<String> names(Set<String> aliases) {
        Set<String> names = new LinkedHashSet<>();
        for (String alias : aliases) {
            names.add(name("aliases", alias));
        }
        return names;
    }

    private static String name(String field, String written) {
        String name = written.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals(ModelKey.WILDCARD)) {
            throw new IllegalArgumentException(
                    field + " must be names, not blank and not a wildcard, was \"" + name + '"');
        }
        return name;
    }

    private static void checkLimit(ModelKey key, String name, @Nullable Long limit) {
        if (limit != null && limit <= 0) {
            throw refused(key, name + " must be greater than zero", limit);
        }
        if (limit != null && limit > MAX_LIMIT) {
            throw refused(key, name + " must be at most " + MAX_LIMIT, limit);
        }
    }

    private static IllegalArgumentException refused(ModelKey key, String rule, Number value) {
        return new IllegalArgumentException(rule + ", was " + value + " (profile of " + key + ")");
    }

    /** With the defaults in the place of what was not said, so that two profiles compare by what they do. */
    ProfileValues whole(int maxConcurrency, RefundPolicy refundPolicy, Map<RateLimit, TokenCounts> counts) {
        return new ProfileValues(
                key,
                limits,
                utilizationTarget,
                concurrencyCap,
                maxConcurrency,
                oversize,
                refundPolicy,
                refundRefused,
                burst,
                skew,
                counts,
                day,
                pool,
                aliases,
                source);
    }

    static List<String> aliasesOf(ProfileValues values) {
        return List.copyOf(values.aliases);
    }
}
