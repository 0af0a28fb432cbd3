package io.sluice.cli;

import io.sluice.ratelimit.DayWindow;
import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitProfile;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a profile may have beside rpm and tpm. What is not given stays as it is. */
final class FurtherLimitOptions {

    private static final String CALENDAR = "calendar";
    private static final String ROLLING = "rolling";

    @Option(
            names = "--itpm",
            paramLabel = "N",
            converter = GivenLimit.Converter.class,
            description = "Input tokens per minute, the provider's number, or none.")
    private @Nullable GivenLimit itpm;

    @Option(
            names = "--otpm",
            paramLabel = "N",
            converter = GivenLimit.Converter.class,
            description = "Output tokens per minute, the provider's number, or none.")
    private @Nullable GivenLimit otpm;

    @Option(
            names = "--rpd",
            paramLabel = "N",
            converter = GivenLimit.Converter.class,
            description = "Requests per day, the provider's number, or none.")
    private @Nullable GivenLimit rpd;

    @Option(
            names = "--tpd",
            paramLabel = "N",
            converter = GivenLimit.Converter.class,
            description = "Tokens per day, the provider's number, or none.")
    private @Nullable GivenLimit tpd;

    @Option(
            names = "--day",
            paramLabel = "KIND",
            description = "What a day is: rolling, any 24 hours (the default), or calendar, from midnight in --zone.")
    private @Nullable String day;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "The zone whose midnight begins a day, such as America/Los_Angeles or UTC.")
    private @Nullable String zone;

    @Option(names = "--pool", paramLabel = "NAME", description = "The pool of models that share these limits, or none.")
    private @Nullable String pool;

    @Option(
            names = "--alias",
            paramLabel = "NAME",
            description = "A further name of the model at its provider; may be repeated, and replaces those of before;"
                    + " none for no more.")
    private @Nullable List<String> aliases;

    /**
     * Puts what was given into a profile.
     *
     * @param old the profile that is changed; null where it is new
     * @throws IllegalArgumentException if a value is out of its range
     */
    void into(RateLimitProfile.Builder profile, @Nullable RateLimitProfile old) {
        put(RateLimit.ITPM, itpm, profile);
        put(RateLimit.OTPM, otpm, profile);
        put(RateLimit.RPD, rpd, profile);
        put(RateLimit.TPD, tpd, profile);
        DayWindow given = day(old);
        if (given != null) {
            profile.day(given);
        }
        if (pool != null) {
            profile.pool(pool.equals(GivenLimit.NONE) ? null : pool);
        }
        if (aliases != null) {
            profile.aliases(names(aliases));
        }
    }

    private static List<String> names(List<String> given) {
        if (!given.contains(GivenLimit.NONE)) {
            return given;
        }
        if (given.size() > 1) {
            throw new IllegalArgumentException("--alias none means no aliases, and cannot stand beside other names");
        }
        return List.of();
    }

    private static void put(RateLimit limit, @Nullable GivenLimit given, RateLimitProfile.Builder profile) {
        if (given != null) {
            profile.limit(limit, given.number());
        }
    }

    private @Nullable DayWindow day(@Nullable RateLimitProfile old) {
        if (day != null && !day.equals(ROLLING) && !day.equals(CALENDAR)) {
            throw new IllegalArgumentException("--day must be rolling or calendar, was " + day);
        }
        if (zone != null) {
            if (ROLLING.equals(day)) {
                throw new IllegalArgumentException("--zone is for --day calendar; a rolling day has none");
            }
            return DayWindow.calendar(zone(zone));
        }
        if (day == null) {
            return null;
        }
        if (day.equals(ROLLING)) {
            return DayWindow.ROLLING;
        }
        if (old != null && old.day().isCalendar()) {
            return old.day();
        }
        throw new IllegalArgumentException("--day calendar needs --zone, such as --zone America/Los_Angeles");
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name, Map.of());
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException(
                    "--zone must be a zone such as America/Los_Angeles or UTC, was " + name, unknown);
        }
    }
}
