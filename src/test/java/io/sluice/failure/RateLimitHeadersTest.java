package io.sluice.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers of answers as providers sent them. */
class RateLimitHeadersTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static RateLimitHeaders read(String... namesAndValues) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return RateLimitHeaders.of(headers::get, NOW);
    }

    private static StatedLimit only(RateLimitHeaders headers) {
        assertThat(headers.limits()).hasSize(1);
        return headers.limits().get(0);
    }

    /** OpenAI, recorded 2024 to 2025; the last is the sample of its guide, whose reset fits no window. */
    @ParameterizedTest
    @CsvSource({
        "500, 499, 120ms, PT1M",
        "200000, 199996, 1ms, PT1M",
        "10000, 9999, 8.64s, PT24H",
        "100, 99, 600ms, PT1M",
        "6000, 5974, 260ms, PT1M",
        "3000, 2999, 20ms, PT1M",
        "30000, 29984, 32ms, PT1M",
        "30000, 29996, 8ms, PT1M",
        "60, 59, 1s, PT1M",
        "14400, 14370, 2m59.56s, PT24H",
        "18000, 17997, 7.66s, ",
        "150000, 149984, 6m0s, ",
        "500, 500, 0s, ",
        "500, 500, 120ms, ",
        "500, 0, 60s, PT1M",
        "500, 0, 3600s, ",
        "-1, -1, 0, ",
    })
    void theWindowFollowsFromWhatIsLeftWhereItIsAMinuteOrADay(
            String limit, String remaining, String reset, Duration window) {
        RateLimitHeaders headers = read(
                "x-ratelimit-limit-requests",
                limit,
                "x-ratelimit-remaining-requests",
                remaining,
                "x-ratelimit-reset-requests",
                reset);
        assertThat(only(headers).window()).isEqualTo(window);
    }

    @Test
    void openAiStatesRequestsAndTokens() {
        RateLimitHeaders headers = read(
                "x-ratelimit-limit-requests", "60",
                "x-ratelimit-limit-tokens", "150000",
                "x-ratelimit-remaining-requests", "59",
                "x-ratelimit-remaining-tokens", "149984",
                "x-ratelimit-reset-requests", "1s",
                "x-ratelimit-reset-tokens", "6m0s");
        assertThat(headers.limits())
                .containsExactly(
                        new StatedLimit("requests", LimitKind.REQUESTS, 60, 59, Duration.ofSeconds(1), 1, null),
                        new StatedLimit("tokens", LimitKind.TOKENS, 150_000, 149_984, Duration.ofMinutes(6), 1, null));
        assertThat(headers.of(LimitKind.TOKENS)).hasSize(1);
        assertThat(headers.of(LimitKind.INPUT_TOKENS)).isEmpty();
    }

    @Test
    void anthropicRoundsTokensAndNamesInstants() {
        RateLimitHeaders headers = read(
                "date", "Tue, 26 Mar 2024 19:59:30 GMT",
                "anthropic-ratelimit-requests-limit", "50",
                "anthropic-ratelimit-requests-remaining", "49",
                "anthropic-ratelimit-requests-reset", "2024-03-26T19:59:31Z",
                "anthropic-ratelimit-input-tokens-limit", "30000",
                "anthropic-ratelimit-input-tokens-remaining", "2000",
                "anthropic-ratelimit-input-tokens-reset", "2024-03-26T20:00:26Z",
                "anthropic-ratelimit-output-tokens-remaining", "0");
        assertThat(headers.date()).isEqualTo(Instant.parse("2024-03-26T19:59:30Z"));
        StatedLimit requests = headers.of(LimitKind.REQUESTS).get(0);
        assertThat(requests.reset()).isEqualTo(Duration.ofSeconds(1));
        assertThat(requests.remainingAtMost()).isEqualTo(49);
        StatedLimit input = headers.of(LimitKind.INPUT_TOKENS).get(0);
        assertThat(input.reset()).isEqualTo(Duration.ofSeconds(56));
        assertThat(input.window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(input.rounding()).isEqualTo(1_000);
        assertThat(input.remainingAtMost()).isEqualTo(2_500);
        StatedLimit output = headers.of(LimitKind.OUTPUT_TOKENS).get(0);
        assertThat(output.isExhausted()).isTrue();
        assertThat(output.hasLimit()).isFalse();
        assertThat(output.reset()).isNull();
    }

    /** Anthropic's plain tokens show "the most restrictive limit in force" once more. */
    @Test
    void anthropicsPlainTokensAreNoLimitOfBothDirectionsWhereTheyRepeatOneOfThem() {
        RateLimitHeaders repeated = read(
                "anthropic-ratelimit-tokens-limit", "8000",
                "anthropic-ratelimit-tokens-remaining", "1000",
                "anthropic-ratelimit-input-tokens-limit", "30000",
                "anthropic-ratelimit-input-tokens-remaining", "29000",
                "anthropic-ratelimit-output-tokens-limit", "8000",
                "anthropic-ratelimit-output-tokens-remaining", "1000");
        assertThat(repeated.limits()).extracting(StatedLimit::name).containsExactly("input-tokens", "output-tokens");
        RateLimitHeaders unclear =
                read("anthropic-ratelimit-tokens-remaining", "1000", "anthropic-ratelimit-input-tokens-limit", "30000");
        assertThat(unclear.of(LimitKind.TOKENS)).isEmpty();
        RateLimitHeaders both = read(
                "anthropic-ratelimit-tokens-limit", "20000",
                "anthropic-ratelimit-input-tokens-limit", "30000",
                "anthropic-ratelimit-output-tokens-limit", "8000");
        assertThat(both.of(LimitKind.TOKENS)).extracting(StatedLimit::limit).containsExactly(20_000L);
        RateLimitHeaders alone = read("anthropic-ratelimit-tokens-limit", "40000");
        assertThat(alone.of(LimitKind.TOKENS)).extracting(StatedLimit::limit).containsExactly(40_000L);
    }

    /** Resets in whole seconds, or instants that are counted from a date of whole seconds. */
    @ParameterizedTest
    @CsvSource({
        "50, 49, 1, ",
        "50, 48, 2, PT1M",
        "50, 45, 6, PT1M",
        "60, 0, 60, PT1M",
        "60, 59, 1, ",
        "1000, 999, 0, ",
        "1000, 999, 1, ",
        "10000, 9993, 60, PT24H",
        "10000, 9999, 8, PT24H",
        "100, 90, 60, ",
    })
    void aResetInWholeSecondsTellsTheWindowOnlyWhereRoundingCannotHaveMadeIt(
            String limit, String remaining, long reset, Duration window) {
        assertThat(only(read(
                                "x-ratelimit-limit-requests",
                                limit,
                                "x-ratelimit-remaining-requests",
                                remaining,
                                "x-ratelimit-reset-requests",
                                String.valueOf(reset)))
                        .window())
                .isEqualTo(window);
        assertThat(only(read(
                                "date",
                                "Sun, 22 Nov 2026 12:00:00 GMT",
                                "anthropic-ratelimit-requests-limit",
                                limit,
                                "anthropic-ratelimit-requests-remaining",
                                remaining,
                                "anthropic-ratelimit-requests-reset",
                                NOW.plusSeconds(reset).toString()))
                        .window())
                .isEqualTo(window);
    }

    @Test
    void tokensThatAreRoundedToThousandsTellTheWindowOnlyWhereEnoughWereUsed() {
        assertThat(StatedLimit.window(30_000, 29_000, Duration.ofSeconds(2))).isEqualTo(Duration.ofMinutes(1));
        StatedLimit few = only(read(
                "anthropic-ratelimit-input-tokens-limit", "30000",
                "anthropic-ratelimit-input-tokens-remaining", "29000",
                "anthropic-ratelimit-input-tokens-reset", NOW.plusSeconds(2).toString()));
        assertThat(few.window())
                .as("between 500 and 1,500 tokens in 1 to 3 seconds")
                .isNull();
        StatedLimit many = only(read(
                "anthropic-ratelimit-input-tokens-limit", "30000",
                "anthropic-ratelimit-input-tokens-remaining", "20000",
                "anthropic-ratelimit-input-tokens-reset", NOW.plusSeconds(20).toString()));
        assertThat(many.window()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void azureStatesNoResetOnSuccess() {
        RateLimitHeaders headers = read(
                "x-ratelimit-limit-requests", "100",
                "x-ratelimit-remaining-requests", "99",
                "x-ratelimit-limit-tokens", "100000",
                "x-ratelimit-remaining-tokens", "99998");
        assertThat(headers.limits()).hasSize(2).allSatisfy(limit -> {
            assertThat(limit.reset()).isNull();
            assertThat(limit.window()).isNull();
        });
    }

    @Test
    void azureOnceStatedOnlyWhatIsLeft() {
        RateLimitHeaders headers =
                read("x-ratelimit-remaining-requests", "79", "x-ratelimit-remaining-tokens", "61353");
        assertThat(headers.limits()).hasSize(2).allSatisfy(limit -> {
            assertThat(limit.hasLimit()).isFalse();
            assertThat(limit.window()).isNull();
        });
        assertThat(headers.limits()).extracting(StatedLimit::remaining).containsExactly(79L, 61_353L);
    }

    @Test
    void azureStatesNegativesForWhatItDoesNotKnow() {
        StatedLimit limit = only(read(
                "x-ratelimit-limit-tokens", "-1",
                "x-ratelimit-remaining-tokens", "-1",
                "x-ratelimit-reset-tokens", "0"));
        assertThat(limit.hasLimit()).isFalse();
        assertThat(limit.hasRemaining()).isFalse();
    }

    @Test
    void whatIsNotCountedPerMinuteIsOfAKindOrWindowOfItsOwn() {
        RateLimitHeaders headers = read(
                "x-ratelimit-limit-input-images", "5",
                "x-ratelimit-limit-tokens_usage_based", "150000",
                "x-ratelimitbysize-limit-month", "1000000000",
                "x-ratelimitbysize-limit-minute", "500000",
                "anthropic-priority-input-tokens-limit", "10000",
                "anthropic-priority-output-tokens-remaining", "9618",
                "anthropic-fast-output-tokens-limit", "20000");
        assertThat(headers.of(LimitKind.IMAGES)).extracting(StatedLimit::limit).containsExactly(5L);
        assertThat(headers.of(LimitKind.TOKENS))
                .extracting(StatedLimit::name, StatedLimit::window)
                .containsExactly(
                        tuple("tokens_usage_based", null),
                        tuple("bysize-minute", Duration.ofMinutes(1)),
                        tuple("bysize-month", Duration.ofDays(30)));
        assertThat(headers.of(LimitKind.INPUT_TOKENS))
                .extracting(StatedLimit::name)
                .containsExactly("priority-input-tokens");
        assertThat(headers.of(LimitKind.OUTPUT_TOKENS))
                .extracting(StatedLimit::name)
                .containsExactly("priority-output-tokens", "fast-output-tokens");
    }

    @Test
    void mistralNamesTheWindowAndNoReset() {
        RateLimitHeaders headers = read(
                "x-ratelimit-limit-req-minute", "60",
                "x-ratelimit-remaining-req-minute", "59",
                "x-ratelimit-limit-tokens-minute", "500000",
                "x-ratelimit-remaining-tokens-minute", "499900",
                "x-ratelimit-tokens-query-cost", "100");
        assertThat(headers.limits())
                .hasSize(2)
                .allSatisfy(limit -> assertThat(limit.window()).isEqualTo(Duration.ofMinutes(1)));
    }

    @Test
    void olderMistralHeadersFitNoWindow() {
        StatedLimit limit = only(read(
                "ratelimitbysize-limit", "500000",
                "ratelimitbysize-remaining", "499900",
                "ratelimitbysize-reset", "28"));
        assertThat(limit.kind()).isEqualTo(LimitKind.TOKENS);
        assertThat(limit.window()).isNull();
    }

    @Test
    void cerebrasNamesDayAndMinute() {
        RateLimitHeaders headers = read(
                "x-ratelimit-limit-requests-day", "14400",
                "x-ratelimit-remaining-requests-day", "14300",
                "x-ratelimit-reset-requests-day", "33011.38",
                "x-ratelimit-limit-tokens-minute", "60000",
                "x-ratelimit-remaining-tokens-minute", "59000",
                "x-ratelimit-reset-tokens-minute", "11.1");
        assertThat(headers.of(LimitKind.REQUESTS).get(0).window()).isEqualTo(Duration.ofDays(1));
        assertThat(headers.of(LimitKind.REQUESTS).get(0).reset()).isEqualTo(Duration.ofMillis(33_011_380));
        assertThat(headers.of(LimitKind.TOKENS).get(0).window()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void openRouterCountsFrom1970InMilliseconds() {
        StatedLimit limit = only(read(
                "X-RateLimit-Limit", "20",
                "X-RateLimit-Remaining", "0",
                "X-RateLimit-Reset", String.valueOf(NOW.plusSeconds(30).toEpochMilli())));
        assertThat(limit.reset()).isEqualTo(Duration.ofSeconds(30));
        assertThat(limit.isExhausted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1", "1.5", "abc", "''", "99999999999999999999", "1e3", "1000000000000001"})
    void aNumberThatCannotBeIsUnknown(String hostile) {
        assertThat(read("x-ratelimit-remaining-tokens", hostile).isEmpty()).isTrue();
        assertThat(read("x-ratelimit-limit-tokens", hostile, "x-ratelimit-reset-tokens", "-5s")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void moreLeftThanTheLimitIsUnknown() {
        StatedLimit limit = only(read("x-ratelimit-limit-tokens", "100", "x-ratelimit-remaining-tokens", "101"));
        assertThat(limit.hasLimit()).isTrue();
        assertThat(limit.hasRemaining()).isFalse();
        assertThat(limit.remainingAtMost()).isEqualTo(-1);
    }

    @Test
    void aResetInThePastIsUnknown() {
        StatedLimit limit = only(read(
                "anthropic-ratelimit-tokens-remaining", "5000",
                "anthropic-ratelimit-tokens-reset", "2026-11-22T11:59:59Z"));
        assertThat(limit.reset()).isNull();
    }

    @Test
    void withoutAClockInstantsAreUnknownAndDelaysAreNot() {
        Map<String, List<String>> headers = Map.of(
                "anthropic-ratelimit-tokens-remaining", List.of("5000"),
                "anthropic-ratelimit-tokens-reset", List.of("2026-11-22T11:59:59Z"),
                "x-ratelimit-reset-tokens", List.of("6m0s"));
        assertThat(RateLimitHeaders.of(headers::get, null).limits())
                .extracting(StatedLimit::reset)
                .containsExactly(Duration.ofMinutes(6), null);
    }

    @Test
    void anAnswerWithoutLimitsStatesNone() {
        assertThat(read("content-type", "application/json")).isSameAs(RateLimitHeaders.NONE);
    }
}
