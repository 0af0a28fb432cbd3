package io.sluice.simulator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * What OpenAI says when it does not answer, in its envelope {@code {"error": {"message", "type", "param", "code"}}}
 * (reference: its error guide and recorded answers, seen November 2026).
 */
final class OpenAiErrors {

    private static final String INVALID = "invalid_request_error";
    private static final String VISIT = "Visit https://platform.openai.com/account/rate-limits to learn more.";

    private OpenAiErrors() {}

    static ApiError invalid(int status, @Nullable String code, @Nullable String param, String message) {
        return new ApiError(status, INVALID, code, param, message, null);
    }

    static ApiError malformed() {
        return invalid(
                400,
                null,
                null,
                "We could not parse the JSON body of your request. The API expects a JSON payload, but what was sent was not valid JSON.");
    }

    static ApiError invalidValue(String param, String message) {
        return invalid(400, "invalid_value", param, message);
    }

    static ApiError unknownModel(String model) {
        return invalid(
                404,
                "model_not_found",
                null,
                "The model `" + model + "` does not exist or you do not have access to it.");
    }

    static ApiError wrongKey() {
        return invalid(
                401,
                "invalid_api_key",
                null,
                "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.");
    }

    static ApiError refused(String model, Verdict.Refused refused) {
        Dimension dimension = refused.dimension();
        Standing standing = refused.standing();
        String message = reached(model) + " on " + dimension.openAiWords + ": Limit "
                + standing.limits().limit(dimension) + ", Used "
                + standing.level(dimension).used() + ", Requested " + refused.requested()
                + ". Please try again in " + GoDuration.of(refused.waitNanos()) + ". " + VISIT;
        return new ApiError(
                429, dimension.type, "rate_limit_exceeded", null, message, Duration.ofNanos(refused.waitNanos()));
    }

    static ApiError tooLarge(String model, Verdict.TooLarge refused) {
        Dimension dimension = refused.dimension();
        String message = "Request too large for " + model + " in organization org-sluice on "
                + dimension.openAiWords + ": Limit "
                + refused.standing().limits().limit(dimension) + ", Requested " + refused.requested()
                + ". The input or output tokens must be reduced in order to run successfully. " + VISIT;
        return new ApiError(429, dimension.type, "rate_limit_exceeded", message);
    }

    static ApiError rateLimited(String model, @Nullable Duration hint) {
        String again = hint == null ? "" : " Please try again in " + GoDuration.of(hint.toNanos()) + ".";
        return new ApiError(
                429,
                Dimension.REQUESTS.type,
                "rate_limit_exceeded",
                null,
                reached(model) + " on " + Dimension.REQUESTS.openAiWords + "." + again + " " + VISIT,
                hint);
    }

    static ApiError insufficientQuota() {
        return new ApiError(
                429,
                "insufficient_quota",
                "insufficient_quota",
                "You exceeded your current quota, please check your plan and billing details. For more information on this"
                        + " error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.");
    }

    static ApiError slowDown() {
        return new ApiError(
                429,
                "rate_limit_error",
                "slow_down",
                "Slow down: your request rate rose too fast. Please reduce it to its original level, hold it for at least"
                        + " 15 minutes, and then raise it gradually.");
    }

    static ApiError ofStatus(int status) {
        return switch (status) {
            case 401 -> wrongKey();
            case 503 ->
                new ApiError(
                        503,
                        "service_unavailable_error",
                        "server_is_overloaded",
                        "The engine is currently overloaded, please try again later");
            default ->
                status >= 500
                        ? new ApiError(
                                status,
                                "server_error",
                                null,
                                "The server had an error while processing your request. Sorry about that!")
                        : invalid(status, null, null, "The request was made to fail with status " + status + ".");
        };
    }

    static ObjectNode json(ApiError error) {
        ObjectNode root = OpenAiDialect.MAPPER.createObjectNode();
        root.putObject("error")
                .put("message", error.message())
                .put("type", error.type())
                .put("param", error.param())
                .put("code", error.code());
        return root;
    }

    private static String reached(String model) {
        return "Rate limit reached for " + model + " in organization org-sluice";
    }
}
