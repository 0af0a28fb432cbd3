package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmToolCall;
import io.sluice.llm.OnProvider;
import io.sluice.support.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tools that the model asks for in a stream of chat completions. */
class StreamedToolCallsTest extends OnProvider {

    private static final String USAGE =
            data("{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}");

    @Override
    protected LlmAdapter adapter() {
        return OpenAiAdapter.builder()
                .baseUrl(server.baseUrl())
                .transport(TRANSPORT)
                .build();
    }

    private static String calls(String calls) {
        return data("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + calls + "]},\"finish_reason\":null}]}");
    }

    private static String stops(String reason) {
        return data("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}");
    }

    private List<LlmToolCall> told() {
        return whole().all.stream()
                .map(LlmChunk::toolCalls)
                .flatMap(List::stream)
                .toList();
    }

    @Test
    void callsComeWholeWithTheReasonToStop() {
        server.streams(
                calls("{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"weather\","
                        + "\"arguments\":\"\"}}"),
                calls("{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}"),
                calls("{\"index\":1,\"id\":\"call_2\",\"function\":{\"name\":\"time\",\"arguments\":\"{}\"}},"
                        + "{\"index\":0,\"function\":{\"arguments\":\"\\\"Bonn\\\"}\"}}"),
                stops("tool_calls"),
                USAGE,
                data("[DONE]"));
        Pieces pieces = whole();
        assertThat(pieces.all.get(3).toolCalls())
                .containsExactly(
                        new LlmToolCall("call_1", "weather", Json.read("{\"city\":\"Bonn\"}")),
                        new LlmToolCall("call_2", "time", Json.read("{}")));
        assertThat(pieces.all).filteredOn(piece -> !piece.toolCalls().isEmpty()).hasSize(1);
        assertThat(pieces.all.toString()).doesNotContain("Bonn");
    }

    @Test
    void aServerThatDoesNotNumberThemTellsOneAfterTheOther() {
        server.streams(
                calls("{\"id\":\"a\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"n\\\":1}\"}}"),
                calls("{\"id\":\"b\",\"function\":{\"name\":\"weather\",\"arguments\":{\"n\":2}}}"),
                stops("stop"),
                data("[DONE]"));
        assertThat(told())
                .containsExactly(
                        new LlmToolCall("a", "weather", Json.read("{\"n\":1}")),
                        new LlmToolCall("b", "weather", Json.read("{\"n\":2}")));
    }

    @Test
    void callsOfAnAnswerThatDoesNotStreamAreToldToo() {
        server.answers(
                200,
                "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"weather\","
                        + "\"arguments\":\"{}\"}}]},\"finish_reason\":\"tool_calls\"}]}",
                "content-type",
                "application/json");
        assertThat(told()).containsExactly(new LlmToolCall("a", "weather", Json.read("{}")));
    }
}
