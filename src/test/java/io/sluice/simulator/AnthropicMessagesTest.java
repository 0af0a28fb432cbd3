package io.sluice.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Anthropic's messages, without a network. */
class AnthropicMessagesTest {

    /** A Tuesday in November 2023, in nanoseconds. */
    private static final long START = 1_700_000_000_000_000_000L;

    private static final Map<String, @Nullable String> HEADERS =
            new HashMap<>(Map.of("anthropic-version", "2023-06-01"));

    private static ProviderAtTime provider(ModelLimits limits) {
        return new ProviderAtTime(Simulator.builder().model("claude-sim", limits), "/v1/messages");
    }

    private static byte[] ask(int cap) {
        return ("{\"model\":\"claude-sim\",\"max_tokens\":" + cap
                        + ",\"metadata\":{\"user_id\":\"ann\"},\"messages\":[{\"role\":\"user\",\"content\":\"\"}]}")
                .getBytes(UTF_8);
    }

    private static JsonNode json(SimulatedAnswer answer) {
        return OpenAiDialect.MAPPER.readTree(answer.body());
    }

    @Test
    void theHeadersTellEachLimitAndWhenItIsWholeAgain() {
        ProviderAtTime provider = provider(ModelLimits.apart(50, 30_000, 8_000).kind(WindowKind.TOKEN_BUCKET));
        SimulatedAnswer answer = provider.arriveWith(HEADERS, ask(1_600), START);
        assertThat(answer.headers())
                .containsEntry("anthropic-ratelimit-requests-limit", "50")
                .containsEntry("anthropic-ratelimit-requests-remaining", "49")
                .containsEntry("anthropic-ratelimit-requests-reset", "2023-11-14T22:13:22Z")
                .containsEntry("anthropic-ratelimit-input-tokens-remaining", "30000")
                .containsEntry("anthropic-ratelimit-output-tokens-remaining", "6000")
                .containsEntry("anthropic-ratelimit-output-tokens-reset", "2023-11-14T22:13:32Z")
                .containsEntry("anthropic-ratelimit-tokens-limit", "8000")
                .containsEntry("request-id", "req_0")
                .doesNotContainKey("retry-after")
                .doesNotContainKey("openai-processing-ms");
    }

    @Test
    void aRefusalUsesAnthropicsWordsAndHintsInTheHeaderAlone() {
        ProviderAtTime provider = provider(ModelLimits.apart(50, 30_000, 8_000));
        provider.arriveWith(HEADERS, ask(8_000), START);
        SimulatedAnswer refused = provider.arriveWith(HEADERS, ask(1), START + 1_500_000_000);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).containsEntry("retry-after", "59");
        JsonNode body = json(refused);
        assertThat(body.path("type").asString()).isEqualTo("error");
        assertThat(body.path("request_id").asString()).isEqualTo("req_1");
        assertThat(body.at("/error/type").asString()).isEqualTo("rate_limit_error");
        assertThat(body.at("/error/message").asString())
                .startsWith(
                        "This request would exceed your organization's rate limit of 8,000 output tokens per minute")
                .contains("model: claude-sim");
        assertThat(provider.report().served()).containsExactly("ann");
    }

    @Test
    void whatCanNeverFitGetsNoHint() {
        SimulatedAnswer refused = provider(ModelLimits.apart(50, 30_000, 8_000)).arriveWith(HEADERS, ask(8_001), START);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).doesNotContainKey("retry-after");
    }

    @Test
    void theVersionHasToBeGiven() {
        SimulatedAnswer refused = provider(ModelLimits.unlimited()).arriveWith(new HashMap<>(), ask(1), START);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(json(refused).at("/error/message").asString()).isEqualTo("anthropic-version: header is required");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | invalid_request_error | {",
                "400 | invalid_request_error | []",
                "400 | invalid_request_error | {\"max_tokens\":1,\"messages\":[{}]}",
                "400 | invalid_request_error | {\"model\":\"claude-sim\",\"messages\":[{}]}",
                "400 | invalid_request_error | {\"model\":\"claude-sim\",\"max_tokens\":0,\"messages\":[{}]}",
                "400 | invalid_request_error | {\"model\":\"claude-sim\",\"max_tokens\":1}",
                "400 | invalid_request_error | {\"model\":\"claude-sim\",\"max_tokens\":1,\"messages\":[]}",
                "404 | not_found_error | {\"model\":\"other\",\"max_tokens\":1,\"messages\":[{}]}",
            })
    void aWrongRequestIsToldSoAndNotCharged(int status, String type, String body) {
        ProviderAtTime provider = provider(ModelLimits.unlimited());
        SimulatedAnswer answer = provider.arriveWith(HEADERS, body.getBytes(UTF_8), START);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(json(answer).at("/error/type").asString()).isEqualTo(type);
        assertThat(provider.report().failed()).isEqualTo(1);
        assertThat(provider.report().highest("claude-sim")).isEqualTo(HighestUse.NOTHING);
    }
}
