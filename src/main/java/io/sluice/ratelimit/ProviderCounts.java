package io.sluice.ratelimit;

import io.sluice.model.ModelKey;

/**
 * What providers are known to count against limits on tokens, where a profile does not say it. As their guides had it in
 * November 2026:
 *
 * <ul>
 *   <li>OpenAI and Azure charge the requested maximum of output with the input; so is any provider taken that is not named.
 *   <li>Anthropic limits input without what was read from a cache (3.5 Haiku with it), and output as it is written.
 *   <li>Google limits input alone.
 *   <li>Groq does not count what was read from a cache.
 *   <li>Bedrock gives cached input back at the end, and weighs the output of most models.
 * </ul>
 */
final class ProviderCounts {

    private ProviderCounts() {}

    static TokenCounts of(ModelKey key, RateLimit limit) {
        TokenCounts both = ofBoth(key);
        return switch (limit) {
            case ITPM -> TokenCounts.INPUT.cachedInput(both.cachedInput());
            case OTPM -> key.provider().equals("anthropic") ? TokenCounts.EXPECTED_OUTPUT : TokenCounts.OUTPUT_CAP;
            default -> both;
        };
    }

    private static TokenCounts ofBoth(ModelKey key) {
        String model = key.model();
        return switch (key.provider()) {
            case "anthropic" -> {
                boolean cacheCounts = model.contains("3-5-haiku") || model.contains("haiku-3-5");
                yield TokenCounts.INPUT_AND_CAP.cachedInput(cacheCounts ? 1 : 0);
            }
            case "google" -> TokenCounts.INPUT;
            case "groq" -> TokenCounts.INPUT_AND_CAP.cachedInput(0);
            case "bedrock" -> TokenCounts.INPUT_AND_CAP.cachedInput(0).output(bedrockOutput(model));
            default -> TokenCounts.INPUT_AND_CAP;
        };
    }

    /** Amazon's page on quotas of Bedrock, "token burndown rates", as of 2026-11. */
    private static double bedrockOutput(String model) {
        if (model.contains("claude-opus-4-8")) {
            return 15;
        }
        if (model.contains("claude-opus-5")
                || model.contains("claude-sonnet-5")
                || model.contains("claude-fable-5-1")
                || model.contains("gpt-")) {
            return 10;
        }
        return model.contains("claude") ? 5 : 1;
    }
}
