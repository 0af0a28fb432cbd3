package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.ScriptedServer;
import io.sluice.transport.NettyTransport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;

/** A test of the adapter against a server of its own. */
abstract class OnServer {

    static final Duration LONG = Duration.ofSeconds(30);
    static final String KEY = "sk-proj-0123456789-abcdefgh";
    /** Serves all of these tests, and ends with the process. */
    static final NettyTransport TRANSPORT =
            NettyTransport.builder().maxConnections(16).build();

    final ScriptedServer server = new ScriptedServer();
    final OpenAiAdapter adapter = OpenAiAdapter.builder()
            .baseUrl(server.baseUrl())
            .transport(TRANSPORT)
            .apiKey(() -> KEY)
            .build();

    @BeforeAll
    static void warmUp() {
        HttpClient.create().warmup().block();
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    static LlmRequest hello() {
        return LlmRequest.builder("gpt-5-mini").user("hello").build();
    }

    /** What comes of an answer that promises a long body and ends after this much of it. */
    static Throwable brokenOff(String head, String body, boolean reset) {
        try (BreakingServer server =
                new BreakingServer("HTTP/1.1 " + head + "\r\ncontent-length: 100000\r\n\r\n" + body, reset)) {
            return failed(OpenAiAdapter.builder()
                    .baseUrl(server.baseUrl())
                    .transport(TRANSPORT)
                    .apiKey(() -> KEY)
                    .build()
                    .execute(hello()));
        }
    }

    LlmResponse answered() {
        return Objects.requireNonNull(adapter.execute(hello()).block(LONG));
    }

    Throwable failed() {
        return failed(adapter.execute(hello()));
    }

    static Throwable failed(Mono<?> call) {
        return Objects.requireNonNull(
                call.then(Mono.<Throwable>empty()).onErrorResume(Mono::just).block(LONG), "it did not fail");
    }

    ProviderFailure refused() {
        Throwable error = failed();
        assertThat(error).isInstanceOf(ProviderFailure.class);
        return (ProviderFailure) error;
    }

    /** All that a log could show of an error. */
    static String shown(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        return text + " " + error + (error instanceof ProviderFailure failure ? failure.code() : "");
    }
}
