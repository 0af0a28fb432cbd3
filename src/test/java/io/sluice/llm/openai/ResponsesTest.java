package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.LlmToolCall;
import io.sluice.llm.OnProvider;
import io.sluice.llm.ScriptedServer;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's responses: what is sent, whole answers, and answers in named events. */
class ResponsesTest extends OnProvider {

    private static final String USAGE = "{\"input_tokens\":36,\"input_tokens_details\":{\"cached_tokens\":30,"
            + "\"cache_write_tokens\":4},\"output_tokens\":87,\"output_tokens_details\":{\"reasoning_tokens\":64},"
            + "\"total_tokens\":123}";

    private static final TokenUsage USED =
            TokenUsage.of(36, 87).withCache(30, 4).withReasoning(64);

    @Override
    protected LlmAdapter adapter() {
        return OpenAiResponsesAdapter.builder()
                .baseUrl(server.baseUrl())
                .transport(TRANSPORT)
                .apiKey(() -> KEY)
                .build();
    }

    private static String response(String status, String rest, String output) {
        return "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"" + status + "\"," + rest + "\"output\":["
                + output + "],\"usage\":" + USAGE + "}";
    }

    private static String message(String text) {
        return "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"" + text
                + "\"}]}";
    }

    private static String delta(String text) {
        return event(
                "response.output_text.delta",
                "{\"type\":\"response.output_text.delta\",\"item_id\":\"msg_1\",\"delta\":\"" + text + "\"}");
    }

    @Test
    void aToolOfAStreamIsToldWhenItsItemIsWhole() {
        server.streams(
                CREATED,
                event(
                        "response.function_call_arguments.delta",
                        "{\"type\":\"response.function_call_arguments.delta\",\"delta\":\"{\"}"),
                event(
                        "response.output_item.done",
                        "{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"function_call\",\"call_id\":\"c1\","
                                + "\"name\":\"weather\",\"arguments\":\"{}\"}}"),
                event(
                        "response.output_item.done",
                        "{\"type\":\"response.output_item.done\",\"item\":" + message("hi") + "}"),
                ends("response.completed", response("completed", "", message("hi"))));
        assertThat(whole().all)
                .flatExtracting(LlmChunk::toolCalls)
                .containsExactly(new LlmToolCall("c1", "weather", Json.read("{}")));
    }

    private static String ends(String type, String response) {
        return event(type, "{\"type\":\"" + type + "\",\"response\":" + response + ",\"sequence_number\":9}");
    }

    private static final String CREATED = event(
            "response.created",
            "{\"type\":\"response.created\",\"response\":{\"status\":\"in_progress\",\"error\":null,\"usage\":null}}");

    @Test
    void aCallIsOnePostOfInput() {
        answered(
                LlmRequest.builder("m")
                        .system("be brief")
                        .user("hello")
                        .maxOutput(16)
                        .temperature(1)
                        .stop("END")
                        .seed(7)
                        .tools(Json.read("[{\"type\":\"function\"}]"))
                        .metadata(Json.read("{\"a\":\"b\"}"))
                        .extra("store", Json.read("false"))
                        .build(),
                response("completed", "", message("hi")));
        ScriptedServer.Asked asked = server.onlyAsked();
        assertThat(asked.line()).isEqualTo("POST /v1/responses");
        assertThat(asked.keys()).containsExactly("Bearer " + KEY);
        assertThat(asked.body())
                .isEqualTo(Json.read(
                        "{\"model\":\"m\",\"input\":[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\","
                                + "\"content\":\"hello\"}],\"max_output_tokens\":16,\"temperature\":1.0,\"tools\":[{\"type\":\"function\"}],"
                                + "\"metadata\":{\"a\":\"b\"},\"store\":false}"));
    }

    private LlmResponse answered(LlmRequest request, String body) {
        server.answers(200, body, "x-request-id", "req-7");
        return answered(request);
    }

    @Test
    void textToolsUsageAndIdAreRead() {
        LlmResponse response = answered(
                hello(),
                response(
                        "completed",
                        "\"error\":null,\"incomplete_details\":null,",
                        "{\"type\":\"reasoning\",\"summary\":[]}," + message("hi") + ","
                                + "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"call_1\",\"name\":\"weather\","
                                + "\"arguments\":\"{\\\"city\\\":\\\"Bonn\\\"}\"}"));
        assertThat(response.text()).isEqualTo("hi");
        assertThat(response.finishReason()).isEqualTo("completed");
        assertThat(response.usage()).isEqualTo(USED);
        assertThat(response.requestId()).isEqualTo("req-7");
        assertThat(response.toolCalls())
                .containsExactly(new LlmToolCall("call_1", "weather", Json.read("{\"city\":\"Bonn\"}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max_output_tokens", "content_filter"})
    void anIncompleteAnswerSaysWhy(String reason) {
        LlmResponse response = answered(
                hello(),
                response("incomplete", "\"incomplete_details\":{\"reason\":\"" + reason + "\"},", message("he")));
        assertThat(response.text()).isEqualTo("he");
        assertThat(response.finishReason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"server_error, TRANSIENT", "rate_limit_exceeded, RATE_LIMIT", "invalid_prompt, CALLER"})
    void aResponseThatFailedIsAFailureInBothForms(String code, FailureClass expected) {
        String failed = response("failed", "\"error\":{\"code\":\"" + code + "\",\"message\":\"it failed\"},", "");
        server.answers(200, failed, "content-type", "application/json");
        assertThat(refused().failureClass()).isEqualTo(expected);
        server.streams(CREATED, delta("Hel"), ends("response.failed", failed));
        Pieces pieces = new Pieces();
        ProviderFailure failure = broken(pieces);
        assertThat(failure.failureClass()).isEqualTo(expected);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.usage()).isEqualTo(USED);
        assertThat(pieces.text()).isEqualTo("Hel");
    }

    @Test
    void aResponseWithoutOutputCannotBeRead() {
        server.answers(200, "{\"choices\":[]}");
        assertThat(refused()).hasMessageContaining("it has no output");
        server.answers(200, response("cancelled", "", ""));
        assertThat(refused()).hasMessageContaining("cancelled");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "data: [DONE]\n\n"})
    void aStreamEndsWithItsLastEventWithOrWithoutAWordAfterIt(String after) {
        server.streams(
                CREATED,
                event("response.output_item.added", "{\"type\":\"response.output_item.added\",\"item\":{}}"),
                delta("Hel"),
                delta("lo"),
                event("response.output_text.done", "{\"type\":\"response.output_text.done\",\"text\":\"Hello\"}"),
                ends("response.completed", response("completed", "", message("Hello"))) + after);
        Pieces pieces = whole();
        assertThat(pieces.text()).isEqualTo("Hello");
        assertThat(pieces.reasons()).containsExactly("completed");
        assertThat(pieces.usage()).isEqualTo(USED);
        assertThat(pieces.all).extracting(LlmChunk::text).containsExactly("", "", "Hel", "lo", "", "");
    }

    @Test
    void anIncompleteStreamSaysWhy() {
        server.streams(
                CREATED,
                delta("Hel"),
                ends(
                        "response.incomplete",
                        response("incomplete", "\"incomplete_details\":{\"reason\":\"max_output_tokens\"},", "")));
        assertThat(whole().reasons()).containsExactly("max_output_tokens");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"error\",\"code\":\"rate_limit_exceeded\",\"message\":\"Please try again in 1.5s.\",\"param\":null}",
                "{\"type\":\"error\",\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"Please try again in 1.5s.\"}}"
            })
    void anErrorInTheMiddleIsAFailureInBothForms(String error) {
        server.streams(CREATED, delta("Hel"), event("error", error));
        ProviderFailure failure = broken(new Pieces());
        assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(failure.retryAfter()).hasMillis(1_500);
        server.streams(CREATED, data(error));
        assertThat(broken(new Pieces()).failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
    }

    @Test
    void aStreamThatBreaksOffIsAFailure() {
        server.streams(CREATED, delta("Hel"));
        assertThat(broken(new Pieces())).hasMessageContaining("the stream ended before the answer did");
    }
}
