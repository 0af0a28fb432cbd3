package io.sluice.failure;

import io.sluice.FailureClass;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the codes and types of providers mean: the {@code code} and {@code type} of OpenAI and of what speaks its
 * protocol, the {@code type} of Anthropic, the {@code status} of Google, the exceptions of AWS, the ends of a run of
 * Claude Code, as documented in November 2026. Compared by letters and digits alone and without "error" or "exception" at the end, so that
 * {@code rate_limit_error}, {@code RateLimitError} and {@code rate-limit} are one.
 */
final class CodeTable {

    private static final int LONGEST = 128;

    private static final Map<String, FailureClass> CODES = new HashMap<>();

    static {
        add(
                FailureClass.RATE_LIMIT,
                "rate_limit_exceeded",
                "rate_limit",
                "rate_limited",
                "rate_limit_reached",
                "too_many_requests",
                "resource_exhausted",
                "throttling",
                "throttled",
                "request_limit_exceeded",
                "model_not_ready",
                "queue_exceeded",
                // Problem types of the IETF draft, which means limits by quota.
                "quota-exceeded",
                "abnormal-usage-detected");
        add(
                FailureClass.OVERLOADED,
                "slow_down",
                "server_is_overloaded",
                "server_overloaded",
                "overloaded",
                "engine_overloaded",
                "model_overloaded",
                "unavailable",
                "service_unavailable",
                "resource_unavailable",
                "capacity_exceeded",
                "flex_tier_capacity_exceeded",
                "service_tier_capacity_exceeded",
                "temporary-reduced-capacity");
        add(
                FailureClass.TRANSIENT,
                "server_error",
                "api_error",
                "internal",
                "internal_error",
                "internal_server_error",
                "timeout_error",
                "request_timeout",
                "gateway_timeout",
                "bad_gateway",
                "deadline_exceeded",
                "model_timeout",
                "model_stream_error",
                "conflict_error");
        add(
                FailureClass.QUOTA,
                "insufficient_quota",
                "insufficient_credits",
                "insufficient_balance",
                "credit_balance_exhausted",
                "organization_spend_limit_exceeded",
                "project_spend_limit_exceeded",
                "organization_usage_limit_exceeded",
                "enforced_spend_limit_reached",
                "billing_error",
                "billing_not_active",
                "billing_hard_limit_reached",
                "payment_required",
                "service_quota_exceeded",
                // Claude Code, where the caller has set the limit.
                "error_max_budget_usd",
                "budget_exhausted");
        add(
                FailureClass.TOO_LARGE,
                "request_too_large",
                "context_length_exceeded",
                "payload_too_large",
                "prompt_too_long",
                "request_entity_too_large");
        add(
                FailureClass.CALLER,
                "invalid_request_error",
                "bad_request",
                "invalid_argument",
                "failed_precondition",
                "out_of_range",
                "invalid_prompt",
                "unsupported_parameter",
                "unprocessable_entity",
                "validation",
                "authentication_error",
                "authentication_failed",
                "unauthenticated",
                "unauthorized",
                "invalid_api_key",
                "permission_error",
                "permission_denied",
                "access_denied",
                "forbidden",
                "not_found_error",
                "model_not_found",
                "content_filter",
                "content_policy_violation",
                "moderation_blocked",
                // Claude Code, which has tried as often as it was told to.
                "error_max_turns",
                "max_turns",
                "error_max_structured_output_retries");
    }

    private CodeTable() {}

    /** What a code means; null where it is none that is known. */
    static @Nullable FailureClass of(String code) {
        return code.length() > LONGEST ? null : CODES.get(key(code));
    }

    private static void add(FailureClass meaning, String... codes) {
        for (String code : codes) {
            CODES.put(key(code), meaning);
        }
    }

    /** AWS puts a namespace before the name, {@code com.amazon.coral#ThrottlingException}, or an address behind it. */
    private static String key(String code) {
        int from = code.lastIndexOf('#') + 1;
        int colon = code.indexOf(':', from);
        int end = colon < 0 ? code.length() : colon;
        StringBuilder key = new StringBuilder(end - from);
        for (int at = from; at < end; at++) {
            char c = code.charAt(at);
            if (Scan.letter(c)) {
                key.append((char) (c | 0x20));
            } else if (Scan.digit(c)) {
                key.append(c);
            }
        }
        return stripped(stripped(key.toString(), "exception"), "error");
    }

    private static String stripped(String key, String ending) {
        return key.length() > ending.length() && key.endsWith(ending)
                ? key.substring(0, key.length() - ending.length())
                : key;
    }
}
