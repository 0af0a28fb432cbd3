package io.sluice.cli;

import io.sluice.batch.BatchSummary;
import io.sluice.model.ModelKey;
import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The closing summary of a batch. */
final class BatchReport {

    private static final int SHOWN_MODELS = 10;

    private final BatchSummary summary;
    private final RateLimitProfiles profiles;
    private final Duration window;
    private final Duration took;

    /**
     * @param profiles the limits that it ran under
     * @param window the span that they count for
     * @param took the wall time
     */
    BatchReport(BatchSummary summary, RateLimitProfiles profiles, Duration window, Duration took) {
        this.summary = summary;
        this.profiles = profiles;
        this.window = window;
        this.took = took;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(format(
                        "%,d lines in %.1f s: %,d answered, %,d failed",
                        summary.lines(), seconds(took), summary.answered(), summary.failed())
                + already());
        lines.add(format(
                "%,d requests, %,d of them repeated, %,d refused with 429; longest wait %.1f s",
                summary.requests(), summary.retries(), summary.tooManyRequests(), seconds(summary.longestWait())));
        lines.add(format("%,d tokens in, %,d out", summary.inputTokens(), summary.outputTokens()));
        int shown = 0;
        for (Map.Entry<ModelKey, BatchSummary.ModelUse> model : summary.models().entrySet()) {
            if (shown++ == SHOWN_MODELS) {
                lines.add(format("and %,d more models", summary.models().size() - SHOWN_MODELS));
                break;
            }
            String utilization = utilization(model.getKey(), model.getValue());
            if (utilization != null) {
                lines.add(utilization);
            }
        }
        return lines;
    }

    /** What a resumed batch passed over. */
    private String already() {
        if (summary.skipped() == 0) {
            return "";
        }
        return format("; %,d were done before", summary.skipped())
                + (summary.skippedFailed() == 0
                        ? ""
                        : format(", %,d of them with an error; --retry-errors repeats these", summary.skippedFailed()));
    }

    /** What was used of what the provider would have allowed in the windows that the run began. */
    private @Nullable String utilization(ModelKey key, BatchSummary.ModelUse use) {
        RateLimitProfile profile = profiles.find(key);
        if (profile == null) {
            return null;
        }
        long windows = 1 + took.dividedBy(window);
        List<String> parts = new ArrayList<>();
        Long rpm = profile.rpm();
        if (rpm != null) {
            parts.add(format("%.0f %% of %,d requests", 100.0 * use.requests() / rpm / windows, rpm));
        }
        Long tpm = profile.tpm();
        if (tpm != null) {
            parts.add(format("%.0f %% of %,d tokens", 100.0 * use.tokens() / tpm / windows, tpm));
        }
        if (parts.isEmpty()) {
            return null;
        }
        return format(
                "%s: used %s in each %s window (target %.0f %%)",
                key, String.join(" and ", parts), shown(window), 100 * profile.utilizationTarget());
    }

    private static String shown(Duration window) {
        return window.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
