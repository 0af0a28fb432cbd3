package io.sluice.cli;

import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Today's table: the rows of {@link RateLimitProfiles#current()} beyond the built-in ones, and their dates. */
final class CurrentTable {

    /** Of when the sources of each provider's rows are. */
    private static final Map<String, String> DATES =
            Map.of("openai", "2026-09-24", "anthropic", "2026-10-17", "google", "2025-05", "groq", "2026-08-14");

    private CurrentTable() {}

    static List<RateLimitProfile> rows() {
        Set<ModelKey> builtin = RateLimitProfiles.builtin().defaults().stream()
                .map(RateLimitProfile::key)
                .collect(Collectors.toSet());
        return RateLimitProfiles.current().defaults().stream()
                .filter(row -> !builtin.contains(row.key()))
                .toList();
    }

    /** The date of a row's numbers: a day, or a month. */
    static String dateOf(RateLimitProfile row) {
        return DATES.getOrDefault(row.key().provider(), "unknown");
    }
}
