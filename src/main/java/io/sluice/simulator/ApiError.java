package io.sluice.simulator;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An error in OpenAI's envelope, {@code {"error": {"message", "type", "param", "code"}}}. */
record ApiError(
        int status,
        String type,
        @Nullable String code,
        @Nullable String param,
        String message) implements ReadCall {

    private static final String INVALID = "invalid_request_error";

    static ApiError invalid(int status, @Nullable String code, @Nullable String param, String message) {
        return new ApiError(status, INVALID, code, param, message);
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

    static ApiError rateLimit(String model, Verdict.Refused refused) {
        Dimension dimension = refused.dimension();
        long limit = dimension == Dimension.REQUESTS
                ? refused.standing().limits().requests()
                : refused.standing().limits().tokens();
        String message = "Rate limit reached for " + model + " in organization org-sluice on " + dimension.words
                + ": Limit " + limit + ", Used " + refused.used() + ", Requested " + refused.requested()
                + ". Please try again in " + GoDuration.of(refused.waitNanos())
                + ". Visit https://platform.openai.com/account/rate-limits to learn more.";
        return new ApiError(429, dimension.type, "rate_limit_exceeded", null, message);
    }

    static ApiError tooLarge(String model, Verdict.TooLarge refused) {
        String message = "Request too large for " + model + " in organization org-sluice on "
                + Dimension.TOKENS.words + ": Limit "
                + refused.standing().limits().tokens() + ", Requested " + refused.requested()
                + ". The input or output tokens must be reduced in order to run successfully."
                + " Visit https://platform.openai.com/account/rate-limits to learn more.";
        return new ApiError(429, Dimension.TOKENS.type, "rate_limit_exceeded", null, message);
    }

    /** What OpenAI says with a status, for a request that was made to fail. */
    static ApiError ofStatus(int status) {
        return switch (status) {
            case 401 -> wrongKey();
            case 429 ->
                new ApiError(
                        429,
                        "insufficient_quota",
                        "insufficient_quota",
                        null,
                        "You exceeded your current quota, please check your plan and billing details.");
            case 503 ->
                new ApiError(
                        503,
                        "service_unavailable_error",
                        "server_is_overloaded",
                        null,
                        "The engine is currently overloaded, please try again later");
            default ->
                status >= 500
                        ? new ApiError(
                                status,
                                "server_error",
                                null,
                                null,
                                "The server had an error while processing your request. Sorry about that!")
                        : invalid(status, null, null, "The request was made to fail with status " + status + ".");
        };
    }

    byte[] json() {
        ObjectNode root = ChatCall.MAPPER.createObjectNode();
        root.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", code);
        return ChatCall.MAPPER.writeValueAsBytes(root);
    }
}
