package io.sluice.llm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.failure.ProviderFailure;
import io.sluice.model.TokenUsage;
import io.sluice.transport.NettyTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** A test of an adapter against a server of its own. */
public abstract class OnProvider {

    protected static final Duration LONG = Duration.ofSeconds(30);
    protected static final String KEY = "sk-0123456789-abcdefgh";
    /** Serves all of these tests, and ends with the process. */
    protected static final NettyTransport TRANSPORT =
            NettyTransport.builder().maxConnections(16).build();

    protected final ScriptedServer server = new ScriptedServer();

    /** The adapter that is tested, with {@link #KEY}. */
    protected abstract LlmAdapter adapter();

    @BeforeAll
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    protected static LlmRequest hello() {
        return LlmRequest.builder("the-model").user("hello").build();
    }

    protected LlmResponse answered(LlmRequest request) {
        return Objects.requireNonNull(adapter().execute(request).block(LONG));
    }

    /** The answer to a body of status 200. */
    protected LlmResponse answered(String body) {
        server.answers(200, body, "content-type", "application/json", "request-id", "req-7", "x-request-id", "req-7");
        return answered(hello());
    }

    protected static ProviderFailure refused(Mono<?> call) {
        Throwable error =
                call.then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block(LONG);
        assertThat(error).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) Objects.requireNonNull(error);
    }

    protected ProviderFailure refused() {
        return refused(adapter().execute(hello()));
    }

    /** What came of a stream. */
    public static final class Pieces {

        public final List<LlmChunk> all = new ArrayList<>();

        public String text() {
            return String.join("", all.stream().map(LlmChunk::text).toList());
        }

        public List<String> reasons() {
            return all.stream()
                    .map(LlmChunk::finishReason)
                    .filter(Objects::nonNull)
                    .toList();
        }

        public TokenUsage usage() {
            return all.stream()
                    .map(LlmChunk::usage)
                    .filter(Objects::nonNull)
                    .reduce((earlier, later) -> later)
                    .orElse(TokenUsage.UNKNOWN);
        }
    }

    /** The pieces of a stream that comes to its end. */
    protected Pieces whole() {
        Pieces pieces = new Pieces();
        adapter().stream(hello()).doOnNext(pieces.all::add).blockLast(LONG);
        return pieces;
    }

    /** The failure of a stream that does not, and the pieces before it. */
    protected ProviderFailure broken(Pieces pieces) {
        Flux<LlmChunk> stream = adapter().stream(hello()).doOnNext(pieces.all::add);
        return refused(stream.then());
    }

    /** One event of a stream. */
    protected static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    /** One event without a name. */
    protected static String data(String data) {
        return "data: " + data + "\n\n";
    }
}
