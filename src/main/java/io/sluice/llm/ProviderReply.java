package io.sluice.llm;

import io.sluice.FailureClass;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.FailureReading;
import io.sluice.failure.ProviderAnswer;
import io.sluice.failure.ProviderFailure;
import io.sluice.support.Internal;
import io.sluice.support.Json;
import io.sluice.transport.TransportResponse;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** One answer, whatever it is: its object, its error, or that it makes no sense. */
@Internal
public final class ProviderReply {

    private final TransportResponse response;
    private final @Nullable String secret;
    private final FailureClassifier classifier;
    private final Instant now;

    /**
     * @param secret the key that was sent, to be taken out of whatever the server says; null where there was none
     * @param classifier what its errors mean
     * @param now when it came, for dates that it names
     */
    ProviderReply(TransportResponse response, @Nullable String secret, FailureClassifier classifier, Instant now) {
        this.response = response;
        this.secret = secret;
        this.classifier = classifier;
        this.now = now;
    }

    /** A 2xx as a whole. */
    LlmResponse whole(byte[] bytes, ProviderProtocol protocol) {
        JsonNode body = object(() -> Json.read(bytes));
        if (body == null) {
            throw unreadable("it is not JSON");
        }
        if (isError(body)) {
            throw failure(body, bytes.length);
        }
        return protocol.response(body, this);
    }

    /** The first value of the first of these headers that is there; null where none is. */
    public @Nullable String header(String... names) {
        for (String name : names) {
            List<String> values = response.headers(name);
            if (!values.isEmpty()) {
                return values.get(0);
            }
        }
        return null;
    }

    /** Any other status: the failure that it means. */
    ProviderFailure failure(byte[] bytes) {
        return failure(bytes, bytes.length);
    }

    /** An error in the middle of a stream, or in an answer that says success. */
    public ProviderFailure failure(JsonNode error) {
        return failure(error, error.size());
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
    public ProviderFailure unreadable(String why) {
        return new ProviderFailure(
                response.status(),
                null,
                "the answer could not be read: " + why + "; the provider may have charged for it",
                FailureClass.TRANSIENT,
                null);
    }

    /** The provider will not answer this: nothing to repeat. */
    public ProviderFailure refused(String code, String message) {
        return new ProviderFailure(response.status(), code, message, FailureClass.CALLER, null);
    }

    /** Whether an object is an error, at whatever status it came. */
    static boolean isError(JsonNode body) {
        return body.path("error").isObject()
                || body.path("error").isString()
                || body.path("object").asString("").equals("error");
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
}
