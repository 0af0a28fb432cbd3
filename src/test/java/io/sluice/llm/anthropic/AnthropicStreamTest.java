package io.sluice.llm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmToolCall;
import io.sluice.llm.OnProvider;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import org.junit.jupiter.api.Test;

/** Streamed answers, as the provider writes them. */
class AnthropicStreamTest extends OnProvider {

    private static final String START = event(
            "message_start",
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                    + "\"content\":[],\"usage\":{\"input_tokens\":25,\"cache_creation_input_tokens\":0,"
                    + "\"cache_read_input_tokens\":100,\"output_tokens\":1}}}");
    private static final String BLOCK = event(
            "content_block_start",
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
    private static final String BLOCK_STOPS =
            event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");
    private static final String PING = event("ping", "{\"type\":\"ping\"}");
    private static final String STOP = event("message_stop", "{\"type\":\"message_stop\"}");

    @Override
    protected LlmAdapter adapter() {
        return AnthropicAdapter.builder()
                .baseUrl(server.address())
                .transport(TRANSPORT)
                .apiKey(() -> KEY)
                .build();
    }

    private static String delta(String delta) {
        return delta(delta, 0);
    }

    private static String delta(String delta, int index) {
        return event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":" + index + ",\"delta\":" + delta + "}");
    }

    private static String says(String text) {
        return delta("{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
    }

    private static String stops(String reason, String usage) {
        return event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" + reason
                        + "\",\"stop_sequence\":null},\"usage\":" + usage + "}");
    }

    @Test
    void anAnswerComesInPiecesAndItsUsageWithTheReason() {
        server.streams(
                START,
                BLOCK,
                PING,
                says("Hel"),
                says("lo"),
                BLOCK_STOPS,
                stops("end_turn", "{\"output_tokens\":15}"),
                STOP);
        Pieces pieces = whole();
        assertThat(pieces.text()).isEqualTo("Hello");
        assertThat(pieces.reasons()).containsExactly("end_turn");
        assertThat(pieces.usage()).isEqualTo(TokenUsage.of(125, 15).withCache(100, 0));
        assertThat(pieces.all).extracting(LlmChunk::requestId).containsOnly("req-7");
        assertThat(server.onlyAsked().body().path("stream").asBoolean()).isTrue();
    }

    /** One token is what the provider puts there before it knows. */
    @Test
    void theBeginningTellsTheInputAndNothingOfTheOutput() {
        server.streams(START, says("Hello"), stops("end_turn", "{\"output_tokens\":15}"), STOP);
        assertThat(whole().all.get(0).usage()).isEqualTo(TokenUsage.input(125).withCache(100, 0));
    }

    @Test
    void usageThatIsToldAgainTakesThePlaceOfWhatWasTold() {
        server.streams(
                event("message_start", "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":34824}}}"),
                stops("end_turn", "{\"output_tokens\":3}"),
                stops("end_turn", "{\"input_tokens\":3883,\"cache_read_input_tokens\":30464,\"output_tokens\":7}"),
                STOP);
        assertThat(whole().usage()).isEqualTo(TokenUsage.of(34_347, 7).withCache(30_464, 0));
    }

    @Test
    void thoughtsAreRawPiecesWithoutTextAndAToolCallIsToldWhole() {
        server.streams(
                START,
                delta("{\"type\":\"thinking_delta\",\"thinking\":\"hm\"}"),
                delta("{\"type\":\"signature_delta\",\"signature\":\"x\"}"),
                event(
                        "content_block_start",
                        "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\","
                                + "\"name\":\"weather\",\"input\":{}}}"),
                delta("{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\"}", 1),
                delta("{\"type\":\"input_json_delta\",\"partial_json\":\"\\\":\\\"Bonn\\\"}\"}", 1),
                event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":1}"),
                stops("tool_use", "{\"output_tokens\":5}"),
                STOP);
        Pieces pieces = whole();
        assertThat(pieces.text()).isEmpty();
        assertThat(pieces.all.get(3).raw().at("/content_block/id").asString()).isEqualTo("toolu_1");
        assertThat(pieces.all.get(4).raw().at("/delta/partial_json").asString()).isEqualTo("{\"city");
        assertThat(pieces.all.get(6).toolCalls())
                .containsExactly(new LlmToolCall("toolu_1", "weather", Json.read("{\"city\":\"Bonn\"}")));
        assertThat(pieces.all).filteredOn(piece -> !piece.toolCalls().isEmpty()).hasSize(1);
    }

    @Test
    void eventsThatNobodyKnowsYetArePassedOver() {
        server.streams(
                START,
                event("future_event", "{\"type\":\"future_event\",\"text\":\"no\"}"),
                says("Hello"),
                stops("end_turn", "{\"output_tokens\":5}"),
                STOP);
        assertThat(whole().text()).isEqualTo("Hello");
        assertThat(whole().all).hasSize(3);
    }

    @Test
    void anErrorAfterStatus200IsAFailureThatSaysWhatWasUsed() {
        server.streams(
                START,
                says("Hel"),
                event(
                        "error",
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"),
                says("lo"));
        Pieces pieces = new Pieces();
        ProviderFailure failure = broken(pieces);
        assertThat(failure.failureClass()).isEqualTo(FailureClass.OVERLOADED);
        assertThat(failure.code()).isEqualTo("overloaded_error");
        assertThat(failure.usage()).isEqualTo(TokenUsage.input(125).withCache(100, 0));
        assertThat(pieces.text()).isEqualTo("Hel");
    }

    @Test
    void aStreamThatEndsBeforeTheAnswerIsAFailureThatSaysWhatWasUsed() {
        server.streams(START, BLOCK, says("Hel"));
        Pieces pieces = new Pieces();
        ProviderFailure failure = broken(pieces);
        assertThat(failure).hasMessageContaining("the stream ended before the answer did");
        assertThat(failure.failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(failure.usage().inputOr(-1)).isEqualTo(125);
        assertThat(pieces.text()).isEqualTo("Hel");
    }

    @Test
    void aReasonIsAnEndForServersThatForgetTheirOwn() {
        server.streams(START, says("Hello"), stops("max_tokens", "{\"output_tokens\":5}"));
        assertThat(whole().reasons()).containsExactly("max_tokens");
    }

    @Test
    void namesOfEventsStandInForTheirTypes() {
        server.streams(
                event("content_block_delta", "{\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}"),
                event("message_stop", "{}"));
        assertThat(whole().text()).isEqualTo("Hello");
    }
}
