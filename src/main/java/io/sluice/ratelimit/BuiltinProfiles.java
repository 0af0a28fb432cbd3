package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The 21 built-in rows, in their order: conservative numbers of three providers with a wildcard each. They are those of
 * the earlier system (specsmith 0.2.3), so that files written by either program mean the same.
 */
final class BuiltinProfiles {

    static final Map<ModelKey, RateLimitProfile> TABLE = table();

    private BuiltinProfiles() {}

    private static Map<ModelKey, RateLimitProfile> table() {
        Map<ModelKey, RateLimitProfile> rows = new LinkedHashMap<>();
        row(rows, "openai", "gpt-4o", 500, 30_000_000);
        row(rows, "openai", "gpt-4o-mini", 500, 200_000_000);
        row(rows, "openai", "gpt-4-turbo", 500, 800_000);
        row(rows, "openai", "gpt-3.5-turbo", 3500, 90_000);
        row(rows, "openai", "o1", 500, 30_000_000);
        row(rows, "openai", "o1-mini", 1000, 200_000_000);
        row(rows, "openai", "o3-mini", 1000, 200_000_000);
        row(rows, "openai", "gpt-5.4", 60, 500_000);
        row(rows, "openai", "*", 500, 500_000);
        row(rows, "anthropic", "claude-opus-4", 2000, 40_000_000);
        row(rows, "anthropic", "claude-sonnet-4", 2000, 40_000_000);
        row(rows, "anthropic", "claude-haiku-3-5", 2000, 200_000_000);
        row(rows, "anthropic", "claude-3-5-sonnet", 2000, 40_000_000);
        row(rows, "anthropic", "claude-3-5-haiku", 2000, 200_000_000);
        row(rows, "anthropic", "claude-3-opus", 2000, 40_000_000);
        row(rows, "anthropic", "*", 2000, 40_000_000);
        row(rows, "google", "gemini-1.5-pro", 360, 4_000_000);
        row(rows, "google", "gemini-1.5-flash", 1000, 4_000_000);
        row(rows, "google", "gemini-2.0-flash", 1000, 4_000_000);
        row(rows, "google", "gemini-2.5-pro", 360, 4_000_000);
        row(rows, "google", "*", 360, 4_000_000);
        return Collections.unmodifiableMap(rows);
    }

    /** A cap of 1 that grows by evidence up to the effective rpm: a fixed 1 would make the other limits meaningless. */
    static void row(Map<ModelKey, RateLimitProfile> rows, String provider, String model, long rpm, long tpm) {
        row(rows, RateLimitProfile.builder(provider, model).rpm(rpm).tpm(tpm));
    }

    static void row(Map<ModelKey, RateLimitProfile> rows, RateLimitProfile.Builder builder) {
        builder.source("default");
        RateLimitProfile profile =
                builder.maxConcurrency((int) builder.build().effectiveRpm()).build();
        rows.put(profile.key(), profile);
    }
}
