package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.FailureClassifier;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.ScriptedServer;
import io.sluice.transport.NettyTransport;
import io.sluice.transport.TransportClosedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.test.StepVerifier;

class BrokenConnectionTest extends OnServer {

    @Test
    void aRefusedConnectionSentNothing() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        OpenAiAdapter nowhere = OpenAiAdapter.builder()
                .baseUrl("http://user:password@127.0.0.1:" + port + "/v1")
                .transport(TRANSPORT)
                .apiKey(() -> KEY)
                .build();
        Throwable error = failed(nowhere.execute(hello()));
        assertThat(error).isInstanceOf(IOException.class);
        assertThat(FailureClassifier.nothingSent(error)).isTrue();
        assertThat(shown(error)).doesNotContain(KEY).doesNotContain("password");
    }

    @Test
    void aConnectionThatIsCutBeforeTheAnswerMayHaveSentSomething() {
        server.answers((request, response) -> {
            request.withConnection(Connection::dispose);
            return Mono.never();
        });
        Throwable error = failed();
        assertThat(error).isInstanceOf(IOException.class);
        assertThat(FailureClassifier.classify(error)).isEqualTo(FailureClass.TRANSIENT);
        assertThat(FailureClassifier.nothingSent(error)).isFalse();
        assertThat(server.asked).as("sent once").hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatBreaksOffIsTransient(boolean reset) {
        Throwable error = brokenOff("200 OK", "{\"choices\":[{\"message\":{\"content\":\"hal", reset);
        assertThat(error).isInstanceOf(IOException.class);
        assertThat(FailureClassifier.classify(error)).isEqualTo(FailureClass.TRANSIENT);
        assertThat(shown(error)).doesNotContain("content\":\"hal");
    }

    @Test
    void anErrorThatBreaksOffIsStillThatError() {
        Throwable error =
                brokenOff("429 Too Many Requests\r\nretry-after: 7", "{\"error\":{\"message\":\"Rate limit", false);
        assertThat(error).isInstanceOfSatisfying(ProviderFailure.class, failure -> {
            assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
        });
    }

    @Test
    void cancellingBeforeTheAnswerClosesTheConnection() {
        Sinks.Empty<Void> arrived = Sinks.empty();
        server.answers((request, response) -> {
            arrived.tryEmitEmpty();
            return Mono.never();
        });
        StepVerifier.create(adapter.execute(hello()).takeUntilOther(arrived.asMono()))
                .expectComplete()
                .verify(LONG);
        StepVerifier.create(server.connectionClosed()).expectComplete().verify(LONG);
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void cancellingWithinTheAnswerClosesTheConnection() {
        Sinks.Empty<Void> arrived = Sinks.empty();
        server.answers((request, response) -> response.sendString(Mono.just("{\"choices\":[")
                .concatWith(Mono.<String>never().doOnSubscribe(subscription -> arrived.tryEmitEmpty()))));
        StepVerifier.create(adapter.execute(hello()).takeUntilOther(arrived.asMono()))
                .expectComplete()
                .verify(LONG);
        StepVerifier.create(server.connectionClosed()).expectComplete().verify(LONG);
    }

    @Test
    void whoCancelsAtOnceHearsNothingMore() {
        Sinks.One<Object> heard = Sinks.one();
        Sinks.One<String> answer = Sinks.one();
        server.answers((request, response) ->
                response.header("Content-Type", "application/json").sendString(answer.asMono()));
        Disposable call = adapter.execute(hello()).subscribe(heard::tryEmitValue, heard::tryEmitError);
        call.dispose();
        answer.tryEmitValue(ScriptedServer.COMPLETION);
        StepVerifier.create(adapter.execute(hello()))
                .expectNextCount(1)
                .expectComplete()
                .verify(LONG);
        assertThat(heard.tryEmitEmpty()).isEqualTo(Sinks.EmitResult.OK);
    }

    @Test
    void aClosedTransportSendsNothing() {
        NettyTransport closed = NettyTransport.builder().build();
        closed.dispose();
        OpenAiAdapter adapter = OpenAiAdapter.builder()
                .baseUrl(server.baseUrl())
                .transport(closed)
                .build();
        assertThat(failed(adapter.execute(hello()))).isInstanceOf(TransportClosedException.class);
        assertThat(server.asked).isEmpty();
    }
}
