package io.sluice.cli;

import io.sluice.ratelimit.RateLimit;
import io.sluice.ratelimit.RateLimitSnapshot;
import io.sluice.store.file.SavedState;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How a model stands, in six lines and one for each further limit; where something was saved of it, then also when, and whether calls are held back. */
final class StatusLines {

    private StatusLines() {}

    static List<String> of(ModelStatus now) {
        RateLimitSnapshot limits = now.limits();
        List<String> lines = new ArrayList<>();
        lines.add(name(limits));
        lines.add(
                limits.rpmLimit() == null
                        ? "  RPM: " + now.requests() + " (no limit)"
                        : format(
                                "  RPM: %d / %d (limit %d, target %d)",
                                now.requests(), limits.effectiveRpm(), limits.rpmLimit(), limits.effectiveRpm()));
        lines.add(
                limits.tpmLimit() == null
                        ? format("  TPM: %,d (no limit)", now.tokens())
                        : format(
                                "  TPM: %,d / %,d (limit %,d)",
                                now.tokens(), limits.effectiveTpm(), limits.tpmLimit()));
        for (RateLimit limit : ProfileRows.FURTHER) {
            Long hard = limits.profile().limit(limit);
            if (hard != null) {
                lines.add(format(
                        "  %s: %,d / %,d (limit %,d)",
                        limit, now.charged(limit), limits.profile().effective(limit), hard));
            }
        }
        lines.add(format(
                "  Utilization: RPM %.1f%%  TPM %.1f%%", 100 * now.requestUtilization(), 100 * now.tokenUtilization()));
        lines.add(format(
                "  Concurrency: %d in-flight / %d cap (base %d)",
                now.inFlight(), now.cap(), limits.baseConcurrencyCap()));
        lines.add(
                format("  Moving avg:  %.1f req/window  %,.0f tok/window", now.averageRequests(), now.averageTokens()));
        SavedState saved = now.saved();
        if (saved != null) {
            lines.add("  Saved:       " + rounded(saved.age(now.now())) + " ago, for a window of "
                    + exact(saved.window()));
        }
        Duration pause = now.pause();
        if (pause != null) {
            lines.add("  Paused:      for " + rounded(pause));
        }
        return lines;
    }

    /** The model asked for and, where the limits are those of a pool, a wildcard or another name, which. */
    private static String name(RateLimitSnapshot now) {
        String asked = now.key().toString();
        String found = now.profile().key().toString();
        String pool = now.profile().pool();
        String from = pool != null ? "pool " + pool : asked.equals(found) ? null : found;
        return from == null ? asked : asked + " (limits of " + from + ")";
    }

    /** In its two largest units, down to seconds: {@code 2 s}, {@code 3 min 20 s}, {@code 5 h 0 min}, {@code 2 d 7 h}. */
    private static String rounded(Duration time) {
        if (time.toMinutes() == 0) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() == 0) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toDays() == 0
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toDays() + " d " + time.toHoursPart() + " h";
    }

    /** {@code 60 s}, {@code 0.5 s}. */
    private static String exact(Duration time) {
        return BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString() + " s";
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
