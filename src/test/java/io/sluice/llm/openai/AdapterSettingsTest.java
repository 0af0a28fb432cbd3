package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sluice.failure.FailureClassifier;
import io.sluice.failure.HintSource;
import io.sluice.failure.ProviderFailure;
import io.sluice.failure.WaitHint;
import io.sluice.llm.LlmRequest;
import io.sluice.transport.HttpTransport;
import io.sluice.transport.TransportRequest;
import io.sluice.transport.TransportResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class AdapterSettingsTest {

    /** Fails every exchange with the address that it was to go to. */
    private static final HttpTransport TELLS_WHERE = new HttpTransport() {
        @Override
        public <T> Flux<T> exchange(
                TransportRequest request,
                Function<? super TransportResponse, ? extends Publisher<? extends T>> handler) {
            return Flux.error(new IllegalStateException(request.uri().toString()));
        }
    };

    private static OpenAiAdapter.Builder builder() {
        return OpenAiAdapter.builder().transport(TELLS_WHERE);
    }

    private static void goesTo(OpenAiAdapter adapter, String address) {
        StepVerifier.create(
                        adapter.execute(LlmRequest.builder("m").user("hello").build()))
                .verifyErrorMessage(address);
    }

    @Test
    void openAiIsTheDefault() {
        goesTo(builder().build(), "https://api.openai.com/v1/chat/completions");
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8000/v1, http://localhost:8000/v1/chat/completions",
        "http://localhost:8000/v1/, http://localhost:8000/v1/chat/completions",
        "http://localhost:8000/v1///, http://localhost:8000/v1/chat/completions",
        "'  https://gateway.example.com ', https://gateway.example.com/chat/completions",
        "HTTPS://gateway.example.com/a/b, HTTPS://gateway.example.com/a/b/chat/completions",
        "http://[::1]:8080/v1, http://[::1]:8080/v1/chat/completions"
    })
    void theProtocolsPathIsAdded(String baseUrl, String address) {
        goesTo(builder().baseUrl(baseUrl).build(), address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "localhost",
                "localhost:8000/v1",
                "/v1",
                "//host/v1",
                "ftp://host/v1",
                "http://",
                "http:///v1",
                "http://host name/v1",
                "http://secret:word@host/v1?x=1",
                "http://host/v1?",
                "http://host/v1#top",
                "http://host:secret/v1",
                "http://host:99999/v1",
                "http://host:0/v1"
            })
    void whatIsNoBaseAddressIsRefusedAndNotRepeated(String baseUrl) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().baseUrl(baseUrl))
                .withMessageContaining("baseUrl must be an absolute http or https address")
                .withMessageNotContaining("secret")
                .withNoCause();
    }

    @Test
    void aUserAndAPasswordInTheAddressAreNotShown() {
        OpenAiAdapter adapter =
                builder().baseUrl("http://name:secret@host/v1").provider("gate").build();
        assertThat(adapter).hasToString("OpenAiAdapter[provider=gate, host=host]");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(() -> OpenAiAdapter.builder().build())
                .withMessageContaining("NettyTransport.builder().build()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().provider(" "))
                .withMessage("provider must not be blank");
    }

    /** Refuses every exchange until noon and one minute. */
    private static final HttpTransport REFUSES = new HttpTransport() {
        @Override
        public <T> Flux<T> exchange(
                TransportRequest request,
                Function<? super TransportResponse, ? extends Publisher<? extends T>> handler) {
            return Flux.from(handler.apply(new TransportResponse() {
                @Override
                public int status() {
                    return 429;
                }

                @Override
                public List<String> headers(String name) {
                    return name.equals("retry-after") ? List.of("Sun, 22 Nov 2026 12:01:00 GMT") : List.of();
                }

                @Override
                public Flux<byte[]> body() {
                    return Flux.empty();
                }
            }));
        }
    };

    @Test
    void theClockAndTheClassifierThatAreGivenReadTheErrors() {
        OpenAiAdapter adapter = OpenAiAdapter.builder()
                .transport(REFUSES)
                .instantSource(() -> Instant.parse("2026-11-22T12:00:00Z"))
                .classifier(FailureClassifier.standard().maxWait(Duration.ofSeconds(40)))
                .build();
        StepVerifier.create(
                        adapter.execute(LlmRequest.builder("m").user("hello").build()))
                .verifyErrorSatisfies(error -> assertThat(((ProviderFailure) error).hint())
                        .isEqualTo(new WaitHint(
                                Duration.ofSeconds(40), true, HintSource.RETRY_AFTER, Duration.ofMinutes(1))));
    }
}
