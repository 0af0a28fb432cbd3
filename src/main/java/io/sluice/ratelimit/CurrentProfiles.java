package io.sluice.ratelimit;

import io.sluice.model.ModelKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Models of November 2026 that the built-in rows do not name, at the lowest paid tier of each provider.
 *
 * <ul>
 *   <li>OpenAI, tier 1: the models' own pages, 24 September 2026.
 *   <li>Anthropic, tier Start: a capacity catalogue of 29 September 2026 and an article of 17 October 2026. All Opus 4
 *       models share one pool, and all Sonnet 4 models another (Anthropic's page on rate limits, as of 2026-11).
 *   <li>Google, tier 1: May 2025; numbers per model are no longer published.
 *   <li>Groq, free tier: verified 14 August 2026.
 * </ul>
 */
final class CurrentProfiles {

    static final Map<ModelKey, RateLimitProfile> TABLE = table();

    private CurrentProfiles() {}

    private static Map<ModelKey, RateLimitProfile> table() {
        Map<ModelKey, RateLimitProfile> rows = new LinkedHashMap<>();
        for (String model : new String[] {
            "gpt-6-astra", "gpt-6-sol", "gpt-6-luna", "gpt-5.6-sol", "gpt-5.6-terra", "gpt-5.6-luna", "gpt-5.5"
        }) {
            BuiltinProfiles.row(rows, "openai", model, 500, 500_000);
        }
        for (String model : new String[] {"claude-fable-5-1", "claude-fable-5"}) {
            anthropic(rows, model, 500_000, 100_000, null);
        }
        for (String model : new String[] {
            "claude-opus-5-5",
            "claude-opus-5",
            "claude-opus-4-8",
            "claude-opus-4-7",
            "claude-opus-4-6",
            "claude-opus-4-5",
            "claude-sonnet-5-5",
            "claude-sonnet-5",
            "claude-sonnet-4-6",
            "claude-sonnet-4-5",
            "claude-haiku-5-5",
            "claude-haiku-4-5"
        }) {
            String pool = model.startsWith("claude-opus-4-")
                    ? "anthropic-opus-4"
                    : model.startsWith("claude-sonnet-4-") ? "anthropic-sonnet-4" : null;
            anthropic(rows, model, 2_000_000, 400_000, pool);
        }
        BuiltinProfiles.row(rows, "google", "gemini-2.5-flash", 1000, 1_000_000);
        BuiltinProfiles.row(rows, "groq", "llama-3.1-8b-instant", 30, 6_000);
        BuiltinProfiles.row(rows, "groq", "llama-3.3-70b-versatile", 30, 12_000);
        BuiltinProfiles.row(rows, "groq", "openai/gpt-oss-120b", 30, 8_000);
        BuiltinProfiles.row(rows, "groq", "openai/gpt-oss-20b", 30, 8_000);
        return Collections.unmodifiableMap(rows);
    }

    private static void anthropic(
            Map<ModelKey, RateLimitProfile> rows, String model, long itpm, long otpm, @Nullable String pool) {
        BuiltinProfiles.row(
                rows,
                RateLimitProfile.builder("anthropic", model)
                        .rpm(1_000)
                        .itpm(itpm)
                        .otpm(otpm)
                        .pool(pool));
    }
}
