package io.sluice.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderFailure;
import io.sluice.transport.TransportResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class ProviderReplyTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private record Answer(int status, Map<String, String> fields) implements TransportResponse {
        @Override
        public List<String> headers(String name) {
            String value = fields.get(name.toLowerCase(Locale.ROOT));
            return value == null ? List.of() : List.of(value);
        }

        @Override
        public Flux<byte[]> body() {
            return Flux.empty();
        }
    }

    private static ProviderFailure failure(int status, Map<String, String> headers, @Nullable String key, String body) {
        return failure(status, headers, key, body, FailureClassifier.standard());
    }

    private static ProviderFailure failure(
            int status, Map<String, String> headers, @Nullable String key, String body, FailureClassifier classifier) {
        ProviderReply reply = new ProviderReply(new Answer(status, headers), key, classifier, NOW);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        ChatProtocol chat = new ChatProtocol(request -> URI.create("http://host/v1"), ChatFlavour.OPENAI);
        Mono<?> read = Mono.fromSupplier(() -> {
            if (status < 300) {
                return reply.whole(bytes, chat);
            }
            throw reply.failure(bytes);
        });
        ProviderFailure[] seen = new ProviderFailure[1];
        StepVerifier.create(read).verifyErrorSatisfies(error -> seen[0] = (ProviderFailure) error);
        return seen[0];
    }

    @Test
    void aRefusalSaysWhatItIsAndHowLongToWait() {
        ProviderFailure failure = failure(
                429,
                Map.of("retry-after", "7"),
                null,
                "{\"error\":{\"message\":\"Rate limit reached\",\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        assertThat(failure.code()).isEqualTo("rate_limit_exceeded");
        assertThat(failure).hasMessage("Rate limit reached");
    }

    @Test
    void aDateIsCountedFromTheClockWhereTheServerTellsNoTime() {
        ProviderFailure failure =
                failure(429, Map.of("retry-after", "Sun, 22 Nov 2026 12:01:00 GMT"), null, "{\"error\":\"slow\"}");
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void theClassifierThatIsGivenIsTheOneThatReads() {
        ProviderFailure failure = failure(
                429,
                Map.of("retry-after", "1800"),
                null,
                "{}",
                FailureClassifier.standard().maxWait(Duration.ofHours(1)));
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void anErrorWithinASuccessHasTheStatusThatItNames() {
        ProviderFailure failure =
                failure(200, Map.of(), null, "{\"error\":{\"code\":502,\"message\":\"Provider returned error\"}}");
        assertThat(failure.status()).isEqualTo(502);
        assertThat(failure.failureClass()).isEqualTo(FailureClass.TRANSIENT);
    }

    @Test
    void anErrorThatIsAStringIsRead() {
        ProviderFailure failure = failure(404, Map.of(), null, "{\"error\":\"model 'llama9' not found\"}");
        assertThat(failure).hasMessage("model 'llama9' not found");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.CALLER);
    }

    @Test
    void anErrorPageIsCountedAndNotRepeated() {
        ProviderFailure failure = failure(503, Map.of(), null, "<html>busy</html>");
        assertThat(failure).hasMessage("HTTP 503 without a readable error (17 bytes read)");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.OVERLOADED);
    }

    @Test
    void theKeyThatWasSentIsNotRepeated() {
        ProviderFailure failure = failure(
                401,
                Map.of(),
                "my own secret",
                "{\"error\":{\"message\":\"Incorrect API key provided: my own secret.\",\"code\":\"my own secret\"}}");
        assertThat(failure).hasMessage("Incorrect API key provided: [key].");
        assertThat(failure.code()).isEqualTo("[key]");
    }
}
