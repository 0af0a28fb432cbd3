package io.sluice.ratelimit;

import io.sluice.failure.LimitKind;
import io.sluice.failure.StatedLimit;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a provider limits. A profile may have any subset of these. */
public enum RateLimit {
    /** Requests in a window, which is a minute unless the limiter has another. */
    RPM("requests"),
    /** Tokens in a window, of both directions unless the profile counts otherwise. */
    TPM("tokens"),
    /** Input tokens in a window. */
    ITPM("input tokens"),
    /** Output tokens in a window. */
    OTPM("output tokens"),
    /** Requests in a day. */
    RPD("requests"),
    /** Tokens in a day. */
    TPD("tokens");

    /** The limits that count tokens; the others count requests. */
    static final List<RateLimit> OF_TOKENS = List.of(TPM, ITPM, OTPM, TPD);

    /** The limits that not every model has; the first two are always counted. */
    static final List<RateLimit> FURTHER = List.of(ITPM, OTPM, RPD, TPD);

    static final Duration DAY = Duration.ofDays(1);

    private final String unit;

    RateLimit(String unit) {
        this.unit = unit;
    }

    /** Whether it counts tokens; otherwise requests. */
    public boolean isOfTokens() {
        return this != RPM && this != RPD;
    }

    /** Whether it counts over a day; otherwise over the limiter's window. */
    public boolean isPerDay() {
        return this == RPD || this == TPD;
    }

    /** What it counts in which span, such as {@code input tokens a window}. */
    String inWords() {
        return unit + (isPerDay() ? " a day" : " a window");
    }

    /** How the files and rules of profiles call it, such as {@code rpm_limit}. */
    String field() {
        return name().toLowerCase(Locale.ROOT) + "_limit";
    }

    /** Which limit of a profile a provider speaks of; null where it is none of these, or over another span. */
    static @Nullable RateLimit of(StatedLimit stated, Duration window) {
        boolean inWindow = stated.isOver(window);
        if (!inWindow && !stated.isOver(DAY)) {
            return null;
        }
        if (stated.kind() == LimitKind.REQUESTS) {
            return inWindow ? RPM : RPD;
        }
        if (stated.kind() == LimitKind.TOKENS) {
            return inWindow ? TPM : TPD;
        }
        if (!inWindow) {
            return null;
        }
        return stated.kind() == LimitKind.INPUT_TOKENS ? ITPM : stated.kind() == LimitKind.OUTPUT_TOKENS ? OTPM : null;
    }
}
