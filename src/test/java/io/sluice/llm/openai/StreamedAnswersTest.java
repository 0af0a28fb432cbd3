package io.sluice.llm.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.call.AnswerListener;
import io.sluice.call.HeldPermits;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.ScriptedServer;
import io.sluice.model.TokenUsage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import reactor.test.StepVerifier;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.NullNode;

/** Answers in pieces, from a real server. */
class StreamedAnswersTest extends OnServer {

    private static String chunk(String fields) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\"," + fields + "}\n\n";
    }

    private static String says(String text) {
        return chunk("\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"},\"finish_reason\":null}],\"usage\":null");
    }

    private static final String STOPS =
            chunk("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null");
    private static final String USAGE = chunk("\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}");
    private static final String END = "data: [DONE]\n\n";

    private void streams(String... events) {
        server.answers((request, response) -> events(response)
                .send(
                        Flux.fromArray(events)
                                .map(event -> response.alloc().buffer().writeBytes(event.getBytes(UTF_8))),
                        one -> true));
    }

    private static HttpServerResponse events(HttpServerResponse response) {
        return response.header("content-type", "text/event-stream; charset=utf-8")
                .header("x-request-id", "req-7");
    }

    private Flux<LlmChunk> stream() {
        return adapter.stream(hello());
    }

    private static final class Pieces {
        final List<LlmChunk> all = new ArrayList<>();

        String text() {
            return String.join("", all.stream().map(LlmChunk::text).toList());
        }

        TokenUsage usage() {
            return all.stream()
                    .map(LlmChunk::usage)
                    .filter(usage -> usage != null)
                    .reduce((earlier, later) -> later)
                    .orElse(TokenUsage.UNKNOWN);
        }
    }

    private Pieces whole() {
        Pieces pieces = new Pieces();
        StepVerifier.create(stream().doOnNext(pieces.all::add))
                .thenConsumeWhile(piece -> true)
                .expectComplete()
                .verify(LONG);
        return pieces;
    }

    private Throwable broken(Pieces pieces) {
        return failed(stream().doOnNext(pieces.all::add).then());
    }

    @Test
    void anAnswerComesInPiecesAndItsUsageInTheLast() {
        streams(
                chunk("\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]"),
                says("Hel"),
                says("lo"),
                STOPS,
                USAGE,
                END);
        Pieces pieces = whole();
        assertThat(pieces.text()).isEqualTo("Hello");
        assertThat(pieces.usage()).isEqualTo(TokenUsage.of(9, 2));
        assertThat(pieces.all).extracting(LlmChunk::finishReason).containsExactly(null, null, null, "stop", null);
        assertThat(pieces.all).extracting(LlmChunk::requestId).containsOnly("req-7");
        assertThat(server.asked)
                .singleElement()
                .satisfies(asked -> assertThat(asked.body().toString())
                        .endsWith("\"stream\":true,\"stream_options\":{\"include_usage\":true}}"));
    }

    @Test
    void whatIsNoTextIsInTheRawPiece() {
        streams(
                chunk("\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call-1\"}]}}]"),
                STOPS,
                END);
        Pieces pieces = whole();
        assertThat(pieces.text()).isEmpty();
        assertThat(pieces.all
                        .get(0)
                        .raw()
                        .at("/choices/0/delta/tool_calls/0/id")
                        .stringValue())
                .isEqualTo("call-1");
    }

    @Test
    void eventsWithoutDataKeepTheConnectionAliveAndSayNothing() {
        streams("data:\n\n", says("Hello"), "event: ping\ndata: \n\n", STOPS, END);
        assertThat(whole().text()).isEqualTo("Hello");
    }

    @Test
    void usageMayBeMissing() {
        streams(says("Hello"), STOPS, END);
        assertThat(whole().usage()).isEqualTo(TokenUsage.UNKNOWN);
    }

    @Test
    void usageStandsElsewhereAtGroq() {
        streams(
                says("Hello"),
                chunk("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
                        + "\"x_groq\":{\"id\":\"req_1\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}"),
                END);
        assertThat(whole().usage()).isEqualTo(TokenUsage.of(3, 1));
    }

    @Test
    void usageThatIsToldAgainAndAgainIsTheLastThatWasTold() {
        streams(
                chunk("\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}"),
                says("Hello"),
                STOPS,
                USAGE,
                END);
        assertThat(whole().usage()).isEqualTo(TokenUsage.of(9, 2));
    }

    @Test
    void ofSeveralAnswersTheFirstIsRead() {
        streams(chunk("\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]"), says("Hello"), STOPS, END);
        assertThat(whole().text()).isEqualTo("Hello");
    }

    @Test
    void aFinishReasonIsAnEndForServersThatForgetTheirOwn() {
        streams(says("Hello"), STOPS);
        assertThat(whole().text()).isEqualTo("Hello");
    }

    @Test
    void anAnswerAsAWholeIsOnePiece() {
        server.answers(200, ScriptedServer.COMPLETION, "content-type", "application/json; charset=utf-8");
        Pieces pieces = whole();
        assertThat(pieces.text()).isEqualTo("hi");
        assertThat(pieces.usage()).isEqualTo(TokenUsage.of(9, 2));
        assertThat(pieces.all.get(0).finishReason()).isEqualTo("stop");
    }

    @Test
    void aRefusalBeforeTheFirstPieceIsTheFailureThatItMeans() {
        server.answers(
                429,
                "{\"error\":{\"message\":\"Please try again in 20s.\",\"code\":\"rate_limit_exceeded\"}}",
                "content-type",
                "application/json");
        Pieces pieces = new Pieces();
        assertThat(broken(pieces)).isInstanceOfSatisfying(ProviderFailure.class, failure -> {
            assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
            assertThat(failure.retryAfter()).hasSeconds(20);
        });
        assertThat(pieces.all).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"error\":{\"message\":\"The server had an error\",\"type\":\"server_error\",\"code\":null}}\n\n",
                "event: error\ndata: {\"message\":\"server_error\",\"code\":500}\n\n",
                "data: {\"object\":\"error\",\"message\":\"boom\",\"type\":\"server_error\",\"code\":500}\n\n",
            })
    void anErrorInTheMiddleOfAStreamOfStatus200IsAFailureAfterThePiecesBefore(String error) {
        streams(says("Hel"), error, says("lo"), END);
        Pieces pieces = new Pieces();
        assertThat(broken(pieces))
                .isInstanceOfSatisfying(
                        ProviderFailure.class,
                        failure -> assertThat(failure.failureClass()).isEqualTo(FailureClass.TRANSIENT));
        assertThat(pieces.text()).isEqualTo("Hel");
    }

    @Test
    void aLimitThatIsHitInTheMiddleIsOneToWaitFor() {
        streams(
                says("Hel"),
                "data: {\"error\":{\"message\":\"Rate limit reached. Please try again in 1.5s.\","
                        + "\"type\":\"tokens\",\"code\":\"rate_limit_exceeded\"}}\n\n");
        assertThat(broken(new Pieces())).isInstanceOfSatisfying(ProviderFailure.class, failure -> {
            assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
            assertThat(failure.retryAfter()).hasMillis(1_500);
        });
    }

    @Test
    void anErrorInPlainWordsIsReadToo() {
        streams(says("Hel"), "event: error\ndata: Rate limit reached. Please try again in 20s.\n\n");
        assertThat(broken(new Pieces())).isInstanceOfSatisfying(ProviderFailure.class, failure -> {
            assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
            assertThat(failure.retryAfter()).hasSeconds(20);
        });
    }

    @Test
    void aStreamThatEndsBeforeTheAnswerIsAFailure() {
        streams(says("Hel"));
        Pieces pieces = new Pieces();
        assertThat(broken(pieces))
                .isInstanceOf(ProviderFailure.class)
                .hasMessage(
                        "the answer could not be read: the stream ended before the answer did; the provider may have"
                                + " charged for it");
        assertThat(pieces.text()).isEqualTo("Hel");
    }

    @Test
    void anEventThatIsNoJsonIsAFailureWithoutItsWords() {
        streams(says("Hel"), "data: <html>secret</html>\n\n");
        assertThat(broken(new Pieces()))
                .isInstanceOf(ProviderFailure.class)
                .hasMessageContaining("an event of the stream is not JSON")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void aConnectionThatBreaksInTheMiddleIsAnErrorOfTheNetwork() {
        try (BreakingServer breaking = new BreakingServer(
                "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 100000\r\n\r\n" + says("Hel"),
                false)) {
            OpenAiAdapter broken = OpenAiAdapter.builder()
                    .baseUrl(breaking.baseUrl())
                    .transport(TRANSPORT)
                    .build();
            // So that the fake server sees the end of the call.
            LlmRequest last = hello().toBuilder()
                    .extra("stream_options", NullNode.getInstance())
                    .build();
            List<LlmChunk> pieces = new ArrayList<>();
            Throwable error = failed(broken.stream(last).doOnNext(pieces::add).then());
            assertThat(error).isInstanceOf(IOException.class);
            assertThat(pieces).extracting(LlmChunk::text).containsExactly("Hel");
        }
    }

    @Test
    void cancellingInTheMiddleClosesTheConnection() {
        server.answers((request, response) ->
                events(response).sendString(Flux.just(says("Hel")).concatWith(Mono.never()), UTF_8));
        StepVerifier.create(stream())
                .expectNextMatches(piece -> piece.text().equals("Hel"))
                .thenCancel()
                .verify(LONG);
        StepVerifier.create(server.connectionClosed()).expectComplete().verify(LONG);
    }

    @Test
    void theHeadersOfTheAnswerAreToldBeforeTheFirstPiece() {
        streams(says("Hello"), STOPS, END);
        List<String> told = new ArrayList<>();
        AnswerListener listener = headers -> told.add("answered " + headers.apply("x-request-id"));
        StepVerifier.create(stream()
                        .doOnNext(piece -> told.add(piece.text()))
                        .contextWrite(context -> HeldPermits.add(context, this, listener)))
                .expectNextCount(2)
                .expectComplete()
                .verify(LONG);
        assertThat(told).containsExactly("answered [req-7]", "Hello", "");
    }

    @Test
    void optionsOfTheStreamAreTheCallers() {
        streams(says("Hello"), STOPS, END);
        adapter.stream(hello().toBuilder()
                        .extra("stream_options", NullNode.getInstance())
                        .build())
                .blockLast(LONG);
        assertThat(server.asked.get(0).body().has("stream_options")).isFalse();
        StepVerifier.create(adapter.stream(
                        hello().toBuilder().extra("stream", BooleanNode.FALSE).build()))
                .verifyErrorMessage("stream: false cannot be streamed; leave the field out");
    }

    @Test
    void aPieceShowsNothingOfWhatIsSaid() {
        streams(says("Hello"), STOPS, USAGE, END);
        assertThat(whole().all.toString()).doesNotContain("Hello").contains("usage=");
    }
}
