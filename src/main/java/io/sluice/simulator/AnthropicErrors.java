package io.sluice.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What Anthropic says when it does not answer, in its envelope {@code {"type": "error", "error": {"type", "message",
 * "details"}, "request_id"}} (reference: its error page, its client's types and 429s of April 2026). How long to wait
 * stands in a header, never in the text.
 */
final class AnthropicErrors {

    /** The code of an account that reached the limit of what it may spend. */
    static final String SPENT = "enforced_spend_limit_reached";

    private static final String INVALID = "invalid_request_error";
    private static final String RATE_LIMIT = "rate_limit_error";
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd 'at' HH:mm 'UTC'", Locale.ROOT);

    private AnthropicErrors() {}

    static ApiError invalid(String message) {
        return new ApiError(400, INVALID, null, message);
    }

    static ApiError wrongKey() {
        return new ApiError(401, "authentication_error", null, "invalid x-api-key");
    }

    static ApiError unknownModel(String model) {
        return new ApiError(404, "not_found_error", null, "model: " + model);
    }

    /** A limit that is reached now, or that is too small for the request at any time, which has no hint. */
    static ApiError overLimit(String model, Dimension dimension, long limit, @Nullable Duration hint) {
        String message = "This request would exceed your organization's rate limit of "
                + String.format(Locale.ROOT, "%,d", limit) + " " + dimension.anthropicWords
                + " (org: 00000000-0000-0000-0000-000000000000, model: " + model + ")."
                + " For details, refer to: https://docs.claude.com/en/api/rate-limits."
                + " You can see the response headers for current usage."
                + " Please reduce the prompt length or the maximum tokens requested, or try again later."
                + " You may also contact sales at https://claude.com/contact-sales"
                + " to discuss your options for a rate limit increase.";
        return new ApiError(429, RATE_LIMIT, null, null, message, hint);
    }

    static ApiError rateLimited(@Nullable Duration hint) {
        return new ApiError(
                429,
                RATE_LIMIT,
                null,
                null,
                "Number of requests has exceeded your per-minute rate limit"
                        + " (https://docs.claude.com/en/api/rate-limits); see the response headers for current usage."
                        + " Please try again later.",
                hint);
    }

    static ApiError slowDown() {
        return new ApiError(
                429,
                RATE_LIMIT,
                null,
                "This request would exceed your organization's maximum usage increase rate for input tokens per minute."
                        + " Please scale up your usage more gradually.");
    }

    /** Until the next month begins. */
    static ApiError spent(long now) {
        ZonedDateTime next = Instant.ofEpochSecond(now / 1_000_000_000)
                .atZone(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.DAYS)
                .withDayOfMonth(1)
                .plusMonths(1);
        return new ApiError(
                429,
                RATE_LIMIT,
                SPENT,
                "You have reached your specified API usage limits. You will regain access on " + DAY.format(next)
                        + ".");
    }

    static ApiError ofStatus(int status) {
        return switch (status) {
            case 401 -> wrongKey();
            case 402 -> new ApiError(402, "billing_error", null, "Your payment method was declined.");
            case 403 ->
                new ApiError(
                        403,
                        "permission_error",
                        null,
                        "Your API key does not have permission to use the specified resource.");
            case 404 -> new ApiError(404, "not_found_error", null, "The requested resource could not be found.");
            case 409 -> new ApiError(409, "conflict_error", null, "The request conflicts with another.");
            case 413 ->
                new ApiError(413, "request_too_large", null, "Request exceeds the maximum allowed number of bytes.");
            case 504 -> new ApiError(504, "timeout_error", null, "The request timed out.");
            case 529 -> new ApiError(529, "overloaded_error", null, "Overloaded");
            default ->
                status >= 500
                        ? new ApiError(status, "api_error", null, "Internal server error")
                        : new ApiError(
                                status, INVALID, null, "The request was made to fail with status " + status + ".");
        };
    }

    static ObjectNode json(ApiError error, String id) {
        ObjectNode root = OpenAiDialect.MAPPER.createObjectNode().put("type", "error");
        ObjectNode inner = root.putObject("error").put("type", error.type()).put("message", error.message());
        if (error.code() != null) {
            inner.putObject("details").put("error_code", error.code());
        }
        return root.put("request_id", id);
    }
}
