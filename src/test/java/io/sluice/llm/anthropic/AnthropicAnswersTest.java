package io.sluice.llm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.LlmToolCall;
import io.sluice.llm.OnProvider;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole answers, as the provider writes them. */
class AnthropicAnswersTest extends OnProvider {

    @Override
    protected LlmAdapter adapter() {
        return AnthropicAdapter.builder()
                .baseUrl(server.address())
                .transport(TRANSPORT)
                .apiKey(() -> KEY)
                .build();
    }

    private static String message(String content, String stopReason, String usage) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"the-model\",\"content\":"
                + content + ",\"stop_reason\":\"" + stopReason + "\",\"stop_sequence\":null,\"usage\":" + usage + "}";
    }

    @Test
    void textReasonUsageAndRequestIdAreRead() {
        LlmResponse response = answered(message(
                "[{\"type\":\"text\",\"text\":\"hi\"},{\"type\":\"text\",\"text\":\" there\"}]",
                "end_turn",
                "{\"input_tokens\":9,\"output_tokens\":2}"));
        assertThat(response.text()).isEqualTo("hi there");
        assertThat(response.finishReason()).isEqualTo("end_turn");
        assertThat(response.usage()).isEqualTo(TokenUsage.of(9, 2));
        assertThat(response.requestId()).isEqualTo("req-7");
        assertThat(response.raw().path("id").asString()).isEqualTo("msg_1");
        assertThat(response.toolCalls()).isEmpty();
    }

    @Test
    void whatWasCachedIsPartOfTheInput() {
        assertThat(answered(message(
                                "[]",
                                "end_turn",
                                "{\"input_tokens\":16,\"cache_creation_input_tokens\":9,\"cache_read_input_tokens\":2387,"
                                        + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":9,\"ephemeral_1h_input_tokens\":0},"
                                        + "\"output_tokens\":120,\"output_tokens_details\":{\"thinking_tokens\":100},"
                                        + "\"service_tier\":\"standard\"}"))
                        .usage())
                .isEqualTo(TokenUsage.of(2_412, 120).withCache(2_387, 9).withReasoning(100));
    }

    @Test
    void whatIsCachedForAnHourIsToldApart() {
        assertThat(answered(
                                message(
                                        "[]",
                                        "end_turn",
                                        "{\"input_tokens\":1,\"cache_creation_input_tokens\":9,\"output_tokens\":2,"
                                                + "\"cache_creation\":{\"ephemeral_5m_input_tokens\":2,\"ephemeral_1h_input_tokens\":7}}"))
                        .usage())
                .isEqualTo(TokenUsage.of(10, 2).withCache(0, 9).withCacheForAnHour(7));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "null | TokenUsage[input=unknown, output=unknown]",
                "{} | TokenUsage[input=unknown, output=unknown]",
                "{\"output_tokens\":3} | TokenUsage[input=unknown, output=3]",
                "{\"input_tokens\":-1,\"output_tokens\":\"3\"} | TokenUsage[input=unknown, output=unknown]",
                "{\"cache_read_input_tokens\":5,\"output_tokens\":3} | TokenUsage[input=unknown, output=3]",
                "{\"input_tokens\":1,\"cache_read_input_tokens\":null} | TokenUsage[input=1, output=unknown]",
                "{\"output_tokens\":3,\"output_tokens_details\":{\"thinking_tokens\":7}} | TokenUsage[input=unknown, output=3]"
            })
    void whatIsNotToldIsNotKnown(String usage, String expected) {
        assertThat(answered(message("[]", "end_turn", usage)).usage()).hasToString(expected);
    }

    @Test
    void toolsThatAreAskedForStandBesideTheText() {
        LlmResponse response = answered(message(
                "[{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"s\"},{\"type\":\"text\",\"text\":\"let me see\"},"
                        + "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"weather\",\"input\":{\"city\":\"Bonn\"}},"
                        + "{\"type\":\"tool_use\",\"id\":\"toolu_2\",\"name\":\"time\"}]",
                "tool_use",
                "{\"input_tokens\":9,\"output_tokens\":2}"));
        assertThat(response.text()).isEqualTo("let me see");
        assertThat(response.toolCalls())
                .containsExactly(
                        new LlmToolCall("toolu_1", "weather", Json.read("{\"city\":\"Bonn\"}")),
                        new LlmToolCall("toolu_2", "time", Json.read("{}")));
        assertThat(response.toolCalls().toString()).doesNotContain("Bonn");
    }

    @Test
    void aModelThatWillNotGoOnIsAnAnswer() {
        LlmResponse response = answered(message("[]", "refusal", "{\"input_tokens\":9,\"output_tokens\":0}"));
        assertThat(response.text()).isEmpty();
        assertThat(response.finishReason()).isEqualTo("refusal");
        assertThat(response.usage()).isEqualTo(TokenUsage.of(9, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | invalid_request_error | prompt is too long: 247583 tokens > 200000 maximum | TOO_LARGE",
                "400 | invalid_request_error | messages: field required | CALLER",
                "401 | authentication_error | invalid x-api-key | CALLER",
                "402 | billing_error | pay | QUOTA",
                "413 | request_too_large | too large | TOO_LARGE",
                "429 | rate_limit_error | This request would exceed the rate limit for your organization | RATE_LIMIT",
                "500 | api_error | Internal server error | TRANSIENT",
                "504 | timeout_error | slow | TRANSIENT",
                "529 | overloaded_error | Overloaded | OVERLOADED",
                "200 | overloaded_error | Overloaded | OVERLOADED"
            })
    void eachErrorMeansWhatItIs(int status, String type, String message, FailureClass expected) {
        server.answers(
                status,
                "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message
                        + "\"},\"request_id\":\"req_1\"}",
                "content-type",
                "application/json");
        ProviderFailure failure = refused();
        assertThat(failure.failureClass()).isEqualTo(expected);
        assertThat(failure.code()).isEqualTo(type);
        assertThat(failure).hasMessageContaining(message);
    }

    @Test
    void theHeaderSaysHowLongToWait() {
        server.answers(
                429,
                "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"wait\"}}",
                "retry-after",
                "17");
        assertThat(refused().retryAfter()).hasSeconds(17);
    }

    @Test
    void whatIsNoMessageCannotBeRead() {
        server.answers(200, "{\"choices\":[]}");
        assertThat(refused()).hasMessageContaining("it has no content");
    }

    @Test
    void aServerThatQuotesTheKeyIsNotRepeated() {
        server.answers(
                401,
                "{\"type\":\"error\",\"error\":{\"type\":\"authentication_error\",\"message\":\"bad " + KEY + "\"}}");
        assertThat(refused().toString()).doesNotContain(KEY);
        assertThat(adapter().toString()).isEqualTo("AnthropicAdapter[provider=anthropic, host=127.0.0.1]");
    }
}
