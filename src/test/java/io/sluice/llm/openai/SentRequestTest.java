package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.model.ModelKey;
import io.sluice.support.Json;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** What reaches the server. */
class SentRequestTest extends OnServer {

    private JsonNode sent(LlmRequest request) {
        adapter.execute(request).block(LONG);
        return server.asked.get(server.asked.size() - 1).body();
    }

    @Test
    void aCallIsOnePostOfJsonWithTheKey() {
        answered();
        assertThat(server.asked).singleElement().satisfies(asked -> {
            assertThat(asked.line()).isEqualTo("POST /v1/chat/completions");
            assertThat(asked.keys()).containsExactly("Bearer " + KEY);
            assertThat(asked.types()).containsExactly("application/json");
            assertThat(asked.body())
                    .isEqualTo(Json.read(
                            "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"));
        });
    }

    @Test
    void messagesKeepTheirOrderTheirPartsAndTheirFields() {
        JsonNode parts =
                Json.read("[{\"type\":\"text\",\"text\":\"größe 😀\"},{\"type\":\"image_url\",\"image_url\":{}}]");
        LlmMessage tool = new LlmMessage("tool", Json.read("null"), Map.of("tool_call_id", Json.read("\"call_1\"")));
        JsonNode body = sent(LlmRequest.builder("m")
                .system("be brief")
                .message(LlmMessage.of("user", parts))
                .message(tool)
                .extra("seed", Json.read("7"))
                .build());
        assertThat(body.get("messages"))
                .isEqualTo(Json.read("[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":"
                        + parts + "},{\"role\":\"tool\",\"content\":null,\"tool_call_id\":\"call_1\"}]"));
        assertThat(body.get("seed")).isEqualTo(Json.read("7"));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-   | {}                                             | {}",
                "200 | {}                                             | {\"max_completion_tokens\":200}",
                "200 | {\"max_tokens\":50}                            | {\"max_tokens\":50}",
                "200 | {\"max_completion_tokens\":60}                 | {\"max_completion_tokens\":60}",
                "-   | {\"max_tokens\":50}                            | {\"max_tokens\":50}",
                "-   | {\"max_tokens\":50,\"max_completion_tokens\":60} | {\"max_completion_tokens\":60}",
                "200 | {\"max_completion_tokens\":60,\"max_tokens\":50} | {\"max_completion_tokens\":60}"
            })
    void theCapIsSentOnceAndTheExtraFieldWins(@Nullable Long maxOutput, String extra, String expected) {
        LlmRequest.Builder request = LlmRequest.builder("m").user("hello");
        if (maxOutput != null) {
            request.maxOutput(maxOutput);
        }
        Json.read(extra).properties().forEach(field -> request.extra(field.getKey(), field.getValue()));
        JsonNode body = sent(request.build());
        Map<String, JsonNode> caps = new java.util.TreeMap<>();
        body.properties().forEach(field -> {
            if (field.getKey().startsWith("max_")) {
                caps.put(field.getKey(), field.getValue());
            }
        });
        assertThat(Json.mapper().<JsonNode>valueToTree(caps)).isEqualTo(Json.read(expected));
    }

    @Test
    void nothingIsSentBeforeSubscriptionAndEachSubscriptionSendsOnce() {
        AtomicInteger keys = new AtomicInteger();
        OpenAiAdapter counting = OpenAiAdapter.builder()
                .baseUrl(server.baseUrl())
                .transport(TRANSPORT)
                .apiKey(() -> "key-number-" + keys.incrementAndGet())
                .build();
        Mono<?> call = counting.execute(hello());
        assertThat(server.asked).isEmpty();
        assertThat(keys).hasValue(0);
        for (int i = 1; i <= 3; i++) {
            StepVerifier.create(call).expectNextCount(1).expectComplete().verify(LONG);
            assertThat(server.asked).hasSize(i);
        }
        assertThat(server.asked)
                .extracting(asked -> asked.keys().get(0))
                .containsExactly("Bearer key-number-1", "Bearer key-number-2", "Bearer key-number-3");
    }

    @Test
    void aRefusedCallIsNotSentAgain() {
        server.answers(500, "{}");
        refused();
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void aRedirectIsNotFollowedWithTheKey() {
        server.answers(307, "", "location", "/elsewhere");
        assertThat(refused().status()).isEqualTo(307);
        assertThat(server.asked).hasSize(1);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  \n"})
    void withoutAKeyNoneIsSent(@Nullable String key) {
        OpenAiAdapter keyless = OpenAiAdapter.builder()
                .baseUrl(server.baseUrl() + "//")
                .transport(TRANSPORT)
                .apiKey(() -> key)
                .build();
        StepVerifier.create(keyless.execute(hello()))
                .expectNextCount(1)
                .expectComplete()
                .verify(LONG);
        assertThat(server.asked).singleElement().satisfies(asked -> {
            assertThat(asked.line()).isEqualTo("POST /v1/chat/completions");
            assertThat(asked.keys()).isEmpty();
        });
    }

    @Test
    void aKeyIsSentWithoutTheWhiteSpaceAroundIt() {
        OpenAiAdapter adapter = OpenAiAdapter.builder()
                .baseUrl(server.baseUrl())
                .transport(TRANSPORT)
                .apiKey(() -> KEY + "\n")
                .build();
        StepVerifier.create(adapter.execute(hello()))
                .expectNextCount(1)
                .expectComplete()
                .verify(LONG);
        assertThat(server.asked.get(0).keys()).containsExactly("Bearer " + KEY);
    }

    @Test
    void whatCannotBeSentIsRefusedWithoutAskingForAKey() {
        OpenAiAdapter adapter = OpenAiAdapter.builder()
                .baseUrl(server.baseUrl())
                .transport(TRANSPORT)
                .apiKey(() -> {
                    throw new AssertionError("asked for a key");
                })
                .build();
        LlmRequest streaming = LlmRequest.builder("m")
                .user("hello")
                .extra("stream", Json.read("true"))
                .build();
        StepVerifier.create(adapter.execute(streaming))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("stream: true"))
                .verify(LONG);
        StepVerifier.create(adapter.execute(LlmRequest.builder("m").build()))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("at least one message"))
                .verify(LONG);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void streamFalseIsSent() {
        LlmRequest request = LlmRequest.builder("m")
                .user("hello")
                .extra("stream", Json.read("false"))
                .build();
        assertThat(sent(request).get("stream")).isEqualTo(Json.read("false"));
    }

    @Test
    void limitsAreLookedUpByTheNamedProvider() {
        assertThat(adapter.key(hello())).isEqualTo(ModelKey.of("openai", "gpt-5-mini"));
        OpenAiAdapter vllm =
                OpenAiAdapter.builder().transport(TRANSPORT).provider("vllm").build();
        assertThat(vllm.key(hello())).isEqualTo(ModelKey.of("vllm", "gpt-5-mini"));
    }
}
