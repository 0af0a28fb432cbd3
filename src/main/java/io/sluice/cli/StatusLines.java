package io.sluice.cli;

import io.sluice.ratelimit.RateLimitSnapshot;
import java.util.List;
import java.util.Locale;

/** How a model stands, in six lines. */
final class StatusLines {

    private StatusLines() {}

    static List<String> of(RateLimitSnapshot now) {
        return List.of(
                name(now),
                now.rpmLimit() == null
                        ? "  RPM: " + now.requests() + " (no limit)"
                        : format(
                                "  RPM: %d / %d (limit %d, target %d)",
                                now.requests(), now.effectiveRpm(), now.rpmLimit(), now.effectiveRpm()),
                now.tpmLimit() == null
                        ? format("  TPM: %,d (no limit)", now.tokens())
                        : format("  TPM: %,d / %,d (limit %,d)", now.tokens(), now.effectiveTpm(), now.tpmLimit()),
                format(
                        "  Utilization: RPM %.1f%%  TPM %.1f%%",
                        100 * now.requestUtilization(), 100 * now.tokenUtilization()),
                format(
                        "  Concurrency: %d in-flight / %d cap (base %d)",
                        now.inFlight(), now.currentConcurrencyCap(), now.baseConcurrencyCap()),
                format("  Moving avg:  %.1f req/window  %,.0f tok/window", now.averageRequests(), now.averageTokens()));
    }

    /** The model asked for and, where the limits are those of a wildcard or of another name, which. */
    private static String name(RateLimitSnapshot now) {
        String asked = now.key().toString();
        String found = now.profile().key().toString();
        return asked.equals(found) ? asked : asked + " (limits of " + found + ")";
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
