package io.sluice.llm.openai;

import io.sluice.FailureClass;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.FailureReading;
import io.sluice.failure.ProviderAnswer;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmResponse;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import io.sluice.transport.TransportResponse;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Makes sense of one answer, whatever it is. */
final class ChatAnswer {

    private final TransportResponse response;
    private final @Nullable String secret;
    private final FailureClassifier classifier;
    private final Instant now;

    /**
     * @param secret the key that was sent, to be taken out of whatever the server says; null where there was none
     * @param classifier what its errors mean
     * @param now when it came, for dates that it names
     */
    ChatAnswer(TransportResponse response, @Nullable String secret, FailureClassifier classifier, Instant now) {
        this.response = response;
        this.secret = secret;
        this.classifier = classifier;
        this.now = now;
    }

    /** A 2xx: a completion, or a failure that says that the answer could not be read. */
    Mono<LlmResponse> success(byte[] bytes) {
        JsonNode body = json(bytes);
        if (body == null) {
            return Mono.error(unreadable("it is not JSON"));
        }
        if (isError(body)) {
            return Mono.error(failure(body, bytes.length));
        }
        JsonNode choice = body.path("choices").path(0);
        if (!choice.isObject()) {
            return Mono.error(unreadable("it has no choices"));
        }
        return Mono.just(new LlmResponse(
                text(choice.path("message").path("content")),
                string(choice.path("finish_reason")),
                usage(body.path("usage")),
                requestId(),
                body));
    }

    /** The server's name for the exchange; null where it gave none. */
    @Nullable
    String requestId() {
        List<String> ids = response.headers("x-request-id");
        return ids.isEmpty() ? null : ids.get(0);
    }

    /** Whether an object is an error, at whatever status it came. */
    static boolean isError(JsonNode body) {
        return body.path("error").isObject()
                || body.path("error").isString()
                || body.path("object").asString("").equals("error");
    }

    /** Any other status: the failure that it means. */
    ProviderFailure failure(byte[] bytes) {
        return failure(bytes, bytes.length);
    }

    /** An error in the middle of a stream. */
    ProviderFailure failure(JsonNode event) {
        return failure(event, event.size());
    }

    /**
     * Gateways answer 200 before they know, and put the error and its status into the body.
     *
     * @param body bytes, or what was parsed of them
     */
    private ProviderFailure failure(Object body, int length) {
        ProviderAnswer answer = ProviderAnswer.of(response.status())
                .headers(response::headers)
                .body(body)
                .secret(secret);
        FailureReading reading = classifier.read(answer, now);
        String said = reading.message();
        String message = said != null
                ? said
                : "HTTP " + reading.status() + " without a readable error (" + length + " bytes read)";
        return ProviderFailure.of(reading, message, null);
    }

    /** An answer that is not what was asked for. */
    ProviderFailure unreadable(String why) {
        return new ProviderFailure(
                response.status(),
                null,
                "the answer could not be read: " + why + "; the provider may have charged for it",
                FailureClass.TRANSIENT,
                null);
    }

    private static @Nullable JsonNode json(byte[] bytes) {
        return object(() -> Json.read(bytes));
    }

    /** The object that a text is; null where it is none. */
    static @Nullable JsonNode json(String text) {
        return object(() -> Json.read(text));
    }

    private static @Nullable JsonNode object(Supplier<JsonNode> read) {
        try {
            JsonNode body = read.get();
            return body.isObject() ? body : null;
        } catch (JacksonException notJson) {
            return null;
        }
    }

    /** The content as one text: itself, or the texts of its parts. */
    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.isString() ? content.stringValue() : "";
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asString(""));
        }
        return text.toString();
    }

    static @Nullable String string(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    static TokenUsage usage(JsonNode usage) {
        long input = tokens(usage.path("prompt_tokens"));
        long output = tokens(usage.path("completion_tokens"));
        if (input >= 0) {
            return output >= 0 ? TokenUsage.of(input, output) : TokenUsage.input(input);
        }
        return output >= 0 ? TokenUsage.output(output) : TokenUsage.UNKNOWN;
    }

    /** A believable number of tokens, or -1. */
    private static long tokens(JsonNode node) {
        boolean believable = node.isIntegralNumber()
                && node.canConvertToLong()
                && node.longValue() >= 0
                && node.longValue() <= Integer.MAX_VALUE;
        return believable ? node.longValue() : -1;
    }
}
