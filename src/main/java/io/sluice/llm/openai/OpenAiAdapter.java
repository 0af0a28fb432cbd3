package io.sluice.llm.openai;

import io.sluice.failure.FailureClassifier;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.time.TimeSource;
import io.sluice.transport.HttpTransport;
import io.sluice.transport.TransportRequest;
import io.sluice.transport.TransportResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls {@code /chat/completions} of OpenAI, or of any server with the same protocol.
 *
 * <p>Thread-safe. It closes nothing: the transport belongs to whoever made it.
 */
public final class OpenAiAdapter implements LlmAdapter {

    /** The most of an answer that is kept in memory, in bytes. */
    private static final int MAX_ANSWER = 32 << 20;

    /** The most of an error that is looked at, in bytes; the error itself stands at the beginning. */
    private static final int MAX_ERROR = 64 << 10;

    private final URI address;
    private final String provider;
    private final HttpTransport transport;
    private final @Nullable Supplier<? extends @Nullable String> apiKey;
    private final FailureClassifier classifier;
    private final TimeSource time;

    private OpenAiAdapter(Builder builder, HttpTransport transport) {
        this.address = builder.address;
        this.provider = builder.provider;
        this.transport = transport;
        this.apiKey = builder.apiKey;
        this.classifier = builder.classifier;
        this.time = TimeSource.of(null, builder.instantSource);
    }

    /** Starts with OpenAI's own address, the provider {@code openai} and no key. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String provider() {
        return provider;
    }

    /**
     * As {@link LlmAdapter#execute} says. The cap is sent as {@code max_completion_tokens}, unless the extra fields hold
     * {@code max_tokens} or {@code max_completion_tokens}, which then is the only one. {@code stream: true} among the extra
     * fields is an {@link IllegalArgumentException}: the answer would not be one that this method can read.
     */
    @Override
    public Mono<LlmResponse> execute(LlmRequest request) {
        return call(
                        request,
                        ChatBody::whole,
                        (response, answer) -> isSuccess(response)
                                ? response.bytes(MAX_ANSWER).flatMap(answer::success)
                                : failed(response, answer))
                .single();
    }

    /**
     * As {@link LlmAdapter#stream} says. Asks for the usage, which comes in the last piece, unless the extra fields hold
     * {@code stream_options}; a null there leaves the field out, for servers that do not know it. {@code stream: false} among
     * the extra fields is an {@link IllegalArgumentException}. Of several answers ({@code n}) the pieces hold the text of the
     * first; the others are in the raw pieces. An answer as a whole, from a server that does not stream, is one piece.
     */
    @Override
    public Flux<LlmChunk> stream(LlmRequest request) {
        return call(
                request,
                ChatBody::streamed,
                (response, answer) -> isSuccess(response)
                        ? new ChatStream(answer).read(response, MAX_ANSWER)
                        : failed(response, answer));
    }

    private <T> Flux<T> call(
            LlmRequest request,
            Function<LlmRequest, byte[]> body,
            BiFunction<TransportResponse, ChatAnswer, Publisher<T>> read) {
        return Flux.defer(() -> {
            TransportRequest call = TransportRequest.postJson(address, body.apply(request));
            String key = apiKey == null ? null : apiKey.get();
            String secret = key == null || key.isBlank() ? null : key.strip();
            if (secret != null) {
                call = call.header("authorization", "Bearer " + secret);
            }
            return transport.exchange(
                    call,
                    response -> read.apply(response, new ChatAnswer(response, secret, classifier, time.instant())));
        });
    }

    private static boolean isSuccess(TransportResponse response) {
        return response.status() >= 200 && response.status() < 300;
    }

    private static <T> Mono<T> failed(TransportResponse response, ChatAnswer answer) {
        // The status and the headers have said already what matters; words that break off change nothing.
        return response.firstBytes(MAX_ERROR)
                .onErrorReturn(IOException.class, new byte[0])
                .flatMap(bytes -> Mono.error(answer.failure(bytes)));
    }

    /** Where it calls and as whom it counts; never the key. */
    @Override
    public String toString() {
        return "OpenAiAdapter[provider=" + provider + ", host=" + address.getHost() + "]";
    }

    /** Settings of an adapter; not thread-safe. */
    public static final class Builder {

        private URI address = address("https://api.openai.com/v1");
        private String provider = "openai";
        private @Nullable HttpTransport transport;
        private @Nullable Supplier<? extends @Nullable String> apiKey;
        private FailureClassifier classifier = FailureClassifier.standard();
        private @Nullable InstantSource instantSource;

        private Builder() {}

        /**
         * Where the server is, such as {@code http://localhost:8000/v1}; {@code /chat/completions} is added.
         *
         * @throws IllegalArgumentException if it is not an absolute http or https address without query
         */
        public Builder baseUrl(String url) {
            this.address = address(url);
            return this;
        }

        /**
         * Where the key comes from. It is asked for each call, on the subscribing thread, and must not block; null or a
         * blank string means a call without a key. Never called where nothing is sent.
         */
        public Builder apiKey(Supplier<? extends @Nullable String> key) {
            this.apiKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /** What sends the calls; has no default. */
        public Builder transport(HttpTransport transport) {
            this.transport = Objects.requireNonNull(transport, "transport");
            return this;
        }

        /**
         * As whom the calls count, for limits and prices.
         *
         * @throws IllegalArgumentException if it is blank
         */
        public Builder provider(String provider) {
            if (provider.isBlank()) {
                throw new IllegalArgumentException("provider must not be blank");
            }
            this.provider = provider;
            return this;
        }

        /** What the errors of answers mean; default {@link FailureClassifier#standard()}. */
        public Builder classifier(FailureClassifier classifier) {
            this.classifier = Objects.requireNonNull(classifier, "classifier");
            return this;
        }

        /**
         * What time it is, for answers that say when to come again and not how long to wait; default: the clock of {@code
         * Schedulers.parallel()}, which is the virtual one in a test on virtual time.
         */
        public Builder instantSource(InstantSource instantSource) {
            this.instantSource = Objects.requireNonNull(instantSource, "instantSource");
            return this;
        }

        /**
         * @throws IllegalStateException if there is no transport
         */
        public OpenAiAdapter build() {
            if (transport == null) {
                throw new IllegalStateException("no transport was given; pass NettyTransport.builder().build()");
            }
            return new OpenAiAdapter(this, transport);
        }

        private static URI address(String url) {
            // The address can hold a user and a password, so that it is not shown, not even as the cause.
            String trimmed = url.strip().replaceAll("/+$", "");
            try {
                URI uri = new URI(trimmed + "/chat/completions");
                if (trimmed.indexOf('?') < 0 && trimmed.indexOf('#') < 0) {
                    return TransportRequest.of("POST", uri).uri();
                }
            } catch (URISyntaxException | IllegalArgumentException notAnAddress) {
                // told below
            }
            throw new IllegalArgumentException(
                    "baseUrl must be an absolute http or https address without query, such as https://api.openai.com/v1");
        }
    }
}
