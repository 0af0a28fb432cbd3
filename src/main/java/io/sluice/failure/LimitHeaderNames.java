package io.sluice.failure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Under which names a provider states one of its limits. The names as seen in recorded answers and in the providers'
 * pages between 2023 and November 2026.
 *
 * @param name a short name of the limit
 * @param kind what it counts
 * @param windowNanos the window that the name itself tells; {@link Nanos#NONE} where it tells none
 * @param rounding to what multiple {@code remaining} is rounded; 1 where it is exact
 * @param limit the header of the limit; null where there is none
 * @param remaining the header of what is left
 * @param resets the headers of when it is free again, the first that is there counts
 */
record LimitHeaderNames(
        String name,
        LimitKind kind,
        long windowNanos,
        long rounding,
        @Nullable String limit,
        String remaining,
        List<String> resets) {

    /** Anthropic, "Rate limits": what is left of tokens is rounded to the nearest thousand (as of 2026-04). */
    private static final long THOUSAND = 1_000;

    /**
     * Anthropic's plain tokens repeat whichever limit on tokens leaves least ("Rate limits", as of 2026-04): that of the
     * prompt, that of the answer, or one on both, which is all there was until 2024.
     */
    static final LimitHeaderNames MOST_RESTRICTIVE = anthropic("tokens", LimitKind.TOKENS, THOUSAND);

    /** No calendar: long enough that nobody takes it for a window that rolls. */
    private static final long A_MONTH = 30 * Nanos.DAY;

    static final List<LimitHeaderNames> ALL = List.of(
            openAi("requests", LimitKind.REQUESTS, Nanos.NONE),
            openAi("tokens", LimitKind.TOKENS, Nanos.NONE),
            openAi("project-tokens", LimitKind.TOKENS, Nanos.NONE),
            openAi("tokens_usage_based", LimitKind.TOKENS, Nanos.NONE),
            openAi("input-images", LimitKind.IMAGES, Nanos.NONE),
            // Cerebras
            openAi("requests-day", LimitKind.REQUESTS, Nanos.DAY),
            openAi("tokens-day", LimitKind.TOKENS, Nanos.DAY),
            openAi("requests-minute", LimitKind.REQUESTS, Nanos.MINUTE),
            // Cerebras and Mistral
            openAi("tokens-minute", LimitKind.TOKENS, Nanos.MINUTE),
            openAi("req-minute", LimitKind.REQUESTS, Nanos.MINUTE),
            // Mistral, older
            bySize("minute", Nanos.MINUTE),
            bySize("month", A_MONTH),
            new LimitHeaderNames(
                    "bysize",
                    LimitKind.TOKENS,
                    Nanos.NONE,
                    1,
                    "ratelimitbysize-limit",
                    "ratelimitbysize-remaining",
                    List.of("ratelimitbysize-reset")),
            anthropic("requests", LimitKind.REQUESTS, 1),
            MOST_RESTRICTIVE,
            anthropic("input-tokens", LimitKind.INPUT_TOKENS, THOUSAND),
            anthropic("output-tokens", LimitKind.OUTPUT_TOKENS, THOUSAND),
            anthropicPool("priority-input-tokens", LimitKind.INPUT_TOKENS),
            anthropicPool("priority-output-tokens", LimitKind.OUTPUT_TOKENS),
            anthropicPool("fast-input-tokens", LimitKind.INPUT_TOKENS),
            anthropicPool("fast-output-tokens", LimitKind.OUTPUT_TOKENS),
            // OpenRouter, on its own refusals
            new LimitHeaderNames(
                    "platform",
                    LimitKind.REQUESTS,
                    Nanos.NONE,
                    1,
                    "x-ratelimit-limit",
                    "x-ratelimit-remaining",
                    List.of("x-ratelimit-reset")));

    private static LimitHeaderNames openAi(String what, LimitKind kind, long windowNanos) {
        return new LimitHeaderNames(
                what,
                kind,
                windowNanos,
                1,
                "x-ratelimit-limit-" + what,
                "x-ratelimit-remaining-" + what,
                // Azure has been seen to write the second form.
                List.of("x-ratelimit-reset-" + what, "x-rate-limit-reset-" + what));
    }

    private static LimitHeaderNames bySize(String window, long windowNanos) {
        return new LimitHeaderNames(
                "bysize-" + window,
                LimitKind.TOKENS,
                windowNanos,
                1,
                "x-ratelimitbysize-limit-" + window,
                "x-ratelimitbysize-remaining-" + window,
                List.of());
    }

    private static LimitHeaderNames anthropic(String what, LimitKind kind, long rounding) {
        return anthropic(what, "anthropic-ratelimit-" + what, kind, rounding);
    }

    /** What is paid for apart from the usual limits: the priority tier and the fast mode. */
    private static LimitHeaderNames anthropicPool(String what, LimitKind kind) {
        return anthropic(what, "anthropic-" + what, kind, 1);
    }

    private static LimitHeaderNames anthropic(String what, String stem, LimitKind kind, long rounding) {
        return new LimitHeaderNames(
                what, kind, Nanos.NONE, rounding, stem + "-limit", stem + "-remaining", List.of(stem + "-reset"));
    }
}
