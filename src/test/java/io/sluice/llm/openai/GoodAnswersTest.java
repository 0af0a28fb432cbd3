package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.llm.LlmResponse;
import io.sluice.llm.ScriptedServer;
import io.sluice.model.TokenUsage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that hold a completion, in all the ways in which servers write one. */
class GoodAnswersTest extends OnServer {

    private void says(String choice, String rest) {
        server.answers(200, "{\"choices\":[" + choice + "]" + rest + "}");
    }

    @Test
    void textReasonUsageAndRequestIdAreRead() {
        server.answers(200, ScriptedServer.COMPLETION, "x-request-id", "req_7");
        LlmResponse response = answered();
        assertThat(response.text()).isEqualTo("hi");
        assertThat(response.finishReason()).isEqualTo("stop");
        assertThat(response.usage()).isEqualTo(TokenUsage.of(9, 2));
        assertThat(response.requestId()).isEqualTo("req_7");
        assertThat(response.raw().path("id").asString()).isEqualTo("chatcmpl-1");
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                Arguments.of("\"größe 😀\"", "größe 😀"),
                Arguments.of("null", ""),
                Arguments.of("\"\"", ""),
                Arguments.of("[]", ""),
                Arguments.of("[{\"type\":\"text\",\"text\":\"one \"},{\"type\":\"text\",\"text\":\"two\"}]", "one two"),
                Arguments.of("[{\"type\":\"refusal\",\"refusal\":\"no\"},{\"type\":\"text\",\"text\":\"a\"}]", "a"),
                Arguments.of("[{\"text\":null},{\"text\":{}},{\"text\":[]},7,null,\"x\"]", ""),
                Arguments.of("{}", ""),
                Arguments.of("7", ""));
    }

    @ParameterizedTest
    @MethodSource("contents")
    void contentIsATextOrPartsOfIt(String content, String text) {
        says("{\"message\":{\"content\":" + content + "},\"finish_reason\":\"stop\"}", "");
        assertThat(answered().text()).isEqualTo(text);
    }

    @Test
    void aCallOfAToolHasNoTextAndIsInTheRawAnswer() {
        says(
                "{\"message\":{\"content\":null,\"tool_calls\":[{\"id\":\"call_1\"}]},\"finish_reason\":\"tool_calls\"}",
                "");
        LlmResponse response = answered();
        assertThat(response.text()).isEmpty();
        assertThat(response.finishReason()).isEqualTo("tool_calls");
        assertThat(response.raw().at("/choices/0/message/tool_calls/0/id").asString())
                .isEqualTo("call_1");
    }

    @Test
    void aChoiceWithoutAnythingIsAnEmptyAnswer() {
        says("{}", "");
        LlmResponse response = answered();
        assertThat(response.text()).isEmpty();
        assertThat(response.finishReason()).isNull();
        assertThat(response.requestId()).isNull();
        assertThat(response.usage()).isEqualTo(TokenUsage.UNKNOWN);
    }

    @Test
    void errorNullIsNoError() {
        says("{\"message\":{\"content\":\"fine\"}}", ",\"error\":null");
        assertThat(answered().text()).isEqualTo("fine");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"prompt_tokens\":9,\"completion_tokens\":2}       | 9  | 2",
                "{\"prompt_tokens\":0,\"completion_tokens\":0}       | 0  | 0",
                "{\"prompt_tokens\":9}                               | 9  | -1",
                "{\"completion_tokens\":2}                           | -1 | 2",
                "{}                                                  | -1 | -1",
                "null                                                | -1 | -1",
                "[]                                                  | -1 | -1",
                "\"many\"                                            | -1 | -1",
                "{\"prompt_tokens\":-9,\"completion_tokens\":2}      | -1 | 2",
                "{\"prompt_tokens\":\"9\",\"completion_tokens\":2.5} | -1 | -1",
                "{\"prompt_tokens\":null,\"completion_tokens\":true} | -1 | -1",
                "{\"prompt_tokens\":9,\"completion_tokens\":2147483648}           | 9  | -1",
                "{\"prompt_tokens\":99999999999999999999999,\"completion_tokens\":1e400} | -1 | -1"
            })
    void anUnbelievableNumberOfTokensIsUnknown(String usage, long input, long output) {
        says("{\"message\":{\"content\":\"hi\"}}", ",\"usage\":" + usage);
        TokenUsage read = answered().usage();
        assertThat(read.inputOr(-1)).isEqualTo(input);
        assertThat(read.outputOr(-1)).isEqualTo(output);
    }

    @Test
    void anAnswerOfExactlyThirtyTwoMebibytesIsRead() {
        server.answers(200, ScriptedServer.COMPLETION + " ".repeat((32 << 20) - ScriptedServer.COMPLETION.length()));
        assertThat(answered().text()).isEqualTo("hi");
    }

    @Test
    void anAnswerThatBeginsWithAByteOrderMarkIsRead() {
        server.answers(201, "\ufeff" + ScriptedServer.COMPLETION);
        assertThat(answered().text()).isEqualTo("hi");
    }
}
