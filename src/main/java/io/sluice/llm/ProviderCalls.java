package io.sluice.llm;

import io.sluice.failure.FailureClassifier;
import io.sluice.support.Internal;
import io.sluice.time.TimeSource;
import io.sluice.transport.HttpTransport;
import io.sluice.transport.TransportRequest;
import io.sluice.transport.TransportResponse;
import java.io.IOException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The calls of one adapter: each subscription asks for the key, sends once, and reads what comes. Thread-safe. */
@Internal
public final class ProviderCalls {

    /** The most of an answer that is kept in memory, in bytes. */
    private static final int MAX_ANSWER = 32 << 20;

    /** The most of an error that is looked at, in bytes; the error itself stands at the beginning. */
    private static final int MAX_ERROR = 64 << 10;

    private final ProviderProtocol protocol;
    private final HttpTransport transport;
    private final @Nullable Supplier<? extends @Nullable String> apiKey;
    private final FailureClassifier classifier;
    private final TimeSource time;

    ProviderCalls(
            ProviderProtocol protocol,
            HttpTransport transport,
            @Nullable Supplier<? extends @Nullable String> apiKey,
            FailureClassifier classifier,
            TimeSource time) {
        this.protocol = protocol;
        this.transport = transport;
        this.apiKey = apiKey;
        this.classifier = classifier;
        this.time = time;
    }

    /** The answer as a whole. */
    public Mono<LlmResponse> execute(LlmRequest request) {
        return call(request, false, (response, reply) -> whole(response, reply)).single();
    }

    /** The answer in pieces; as the only one, if the server does not stream. */
    public Flux<LlmChunk> stream(LlmRequest request) {
        return call(
                request,
                true,
                (response, reply) -> ProviderStream.isWhole(response)
                        ? whole(response, reply).map(ProviderStream::onlyPiece)
                        : new ProviderStream(reply, protocol.stream(reply)).pieces(response));
    }

    private Mono<LlmResponse> whole(TransportResponse response, ProviderReply reply) {
        return response.bytes(MAX_ANSWER).map(bytes -> reply.whole(bytes, protocol));
    }

    private <T> Flux<T> call(
            LlmRequest request, boolean streamed, BiFunction<TransportResponse, ProviderReply, Publisher<T>> read) {
        return Flux.defer(() -> {
            TransportRequest call = protocol.request(request, streamed);
            String key = apiKey == null ? null : apiKey.get();
            String secret = key == null || key.isBlank() ? null : key.strip();
            return transport.exchange(secret == null ? call : protocol.signed(call, secret), response -> {
                ProviderReply reply = new ProviderReply(response, secret, classifier, time.instant());
                return isSuccess(response) ? read.apply(response, reply) : failed(response, reply);
            });
        });
    }

    private static boolean isSuccess(TransportResponse response) {
        return response.status() >= 200 && response.status() < 300;
    }

    private static <T> Mono<T> failed(TransportResponse response, ProviderReply reply) {
        // The status and the headers have said already what matters; words that break off change nothing.
        return response.firstBytes(MAX_ERROR)
                .onErrorReturn(IOException.class, new byte[0])
                .flatMap(bytes -> Mono.error(reply.failure(bytes)));
    }
}
