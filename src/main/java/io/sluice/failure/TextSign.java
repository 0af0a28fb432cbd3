package io.sluice.failure;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What the words of an error can give away, and the phrases that do. They are matched as whole words without regard to
 * case; blanks, hyphens and underscores are the same, so that "rate limit" is found in {@code rate-limit} and in
 * {@code rate_limit_exceeded}, but not in "accurate limit".
 */
enum TextSign {
    /** The rate was too high. */
    RATE_LIMIT,
    /** Limits are spoken of, which is only a failure if one was exceeded as well. */
    RATE_LIMITS,
    /** Something was exceeded. */
    EXCEEDED,
    /** There is no capacity. */
    OVERLOADED,
    /** Money, or a quota that no wait brings back, is used up. */
    QUOTA,
    /** Money is used up: for good, or where a wait is named, that of some minutes. */
    SPEND_LIMIT,
    /** As {@link #QUOTA}, unless it is Google, who says it of every limit. */
    QUOTA_UNLESS_A_LIMIT,
    /** The request is larger than the limit. */
    TOO_LARGE,
    /** The prompt does not fit into the model. */
    TOO_LONG;

    private static final PhraseTable<TextSign> TABLE = PhraseTable.of(phrases());

    /** All signs in a text. */
    static Set<TextSign> in(String text) {
        Set<TextSign> found = EnumSet.noneOf(TextSign.class);
        TABLE.scan(text, found);
        return found;
    }

    /** From the providers' documents and recorded answers, 2023 to November 2026. */
    private static Map<String, TextSign> phrases() {
        Map<String, TextSign> all = new LinkedHashMap<>();
        add(
                all,
                RATE_LIMIT,
                "rate limit",
                "rate limited",
                "rate limiting",
                "ratelimit",
                "ratelimited",
                "ratelimitexceeded",
                "ratelimitreached",
                "too many requests",
                "resource exhausted",
                "resource has been exhausted",
                "quota exceeded for metric",
                "throttled",
                "please wait before trying again",
                "usage limit reached",
                "session limit",
                "weekly limit",
                "hour limit reached",
                "hit your limit",
                "free models per day",
                "free models per min",
                // Names of exceptions, as logs and wrappers write them.
                "ratelimiterror",
                "ratelimitexception",
                "ratelimitexceedederror",
                "ratelimitexceededexception",
                "toomanyrequests",
                "toomanyrequestserror",
                "toomanyrequestsexception",
                "resourceexhausted",
                "resourceexhaustederror",
                "resourceexhaustedexception",
                "throttlingerror",
                "throttlingexception",
                "throttledexception",
                "modelnotreadyexception");
        add(all, RATE_LIMITS, "rate limits");
        add(all, EXCEEDED, "exceeded", "exceeds", "exceed", "reached", "hit");
        add(
                all,
                OVERLOADED,
                "overloaded",
                "high demand",
                "resource unavailable",
                "no capacity",
                "at capacity",
                "capacity exceeded",
                "overloadederror",
                "overloadedexception",
                "serviceunavailableerror",
                "serviceunavailableexception");
        add(
                all,
                QUOTA,
                "insufficient quota",
                "insufficient credits",
                "insufficient balance",
                "insufficient funds",
                "credit balance is too low",
                "credit balance exhausted",
                "credits are depleted",
                "can only afford",
                "specified api usage limits",
                "you will regain access on",
                "spend cap",
                "spending cap",
                "insufficientquotaerror",
                "insufficientquotaexception",
                "servicequotaexceededexception",
                "token quota is exceeded",
                "out of call volume quota",
                "billing hard limit");
        add(all, SPEND_LIMIT, "spend limit", "spending limit");
        add(all, QUOTA_UNLESS_A_LIMIT, "exceeded your current quota", "check your plan and billing details");
        add(all, TOO_LARGE, "request too large", "request is too large", "tokens must be reduced in order to run");
        add(
                all,
                TOO_LONG,
                "prompt is too long",
                "input is too long",
                "maximum context length",
                "context length exceeded",
                "exceeds the context window",
                "exceeds the maximum number of tokens",
                "model only supports up to");
        return all;
    }

    private static void add(Map<String, TextSign> all, TextSign sign, String... phrases) {
        for (String phrase : phrases) {
            all.put(phrase, sign);
        }
    }
}
