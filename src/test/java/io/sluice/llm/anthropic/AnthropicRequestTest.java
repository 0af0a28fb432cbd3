package io.sluice.llm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.OnProvider;
import io.sluice.llm.ScriptedServer;
import io.sluice.model.ModelKey;
import io.sluice.support.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** What reaches the server. */
class AnthropicRequestTest extends OnProvider {

    @Override
    protected LlmAdapter adapter() {
        return builder().build();
    }

    private AnthropicAdapter.Builder builder() {
        return AnthropicAdapter.builder()
                .baseUrl(server.address())
                .transport(TRANSPORT)
                .apiKey(() -> KEY);
    }

    @BeforeEach
    void answerAnything() {
        server.answers(200, "{\"content\":[]}");
    }

    private JsonNode sent(LlmRequest request) {
        answered(request);
        return server.onlyAsked().body();
    }

    @Test
    void aCallIsOnePostWithKeyVersionAndTheCapThatIsDemanded() {
        answered(hello());
        ScriptedServer.Asked asked = server.onlyAsked();
        assertThat(asked.line()).isEqualTo("POST /v1/messages");
        assertThat(asked.headers().getAll("x-api-key")).containsExactly(KEY);
        assertThat(asked.headers().getAll("anthropic-version")).containsExactly("2023-06-01");
        assertThat(asked.headers().contains("authorization")).isFalse();
        assertThat(asked.headers().contains("anthropic-beta")).isFalse();
        assertThat(asked.body())
                .isEqualTo(
                        Json.read(
                                "{\"model\":\"the-model\",\"max_tokens\":4096,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"));
    }

    @Test
    void theCapIsTheRequestsElseTheSettings() {
        builder()
                .defaultMaxOutput(77)
                .beta("one", "two")
                .build()
                .execute(hello())
                .block(LONG);
        assertThat(server.onlyAsked().body().path("max_tokens").asInt()).isEqualTo(77);
        assertThat(server.onlyAsked().headers().get("anthropic-beta")).isEqualTo("one,two");
        assertThatIllegalArgumentException().isThrownBy(() -> builder().defaultMaxOutput(0));
    }

    @Test
    void theCapAmongTheExtraFieldsWins() {
        assertThat(sent(hello().toBuilder()
                                .maxOutput(5)
                                .extra("max_tokens", Json.read("6"))
                                .build())
                        .path("max_tokens")
                        .asInt())
                .isEqualTo(6);
    }

    @Test
    void instructionsGoApartFromTheConversation() {
        JsonNode body = sent(LlmRequest.builder("m")
                .system("be brief")
                .user("hello")
                .assistant("hi")
                .message(LlmMessage.of("developer", Json.read("[{\"type\":\"text\",\"text\":\"be kind\"}]")))
                .user("more")
                .build());
        assertThat(body.path("system"))
                .isEqualTo(Json.read(
                        "[{\"type\":\"text\",\"text\":\"be brief\"},{\"type\":\"text\",\"text\":\"be kind\"}]"));
        assertThat(body.path("messages"))
                .isEqualTo(Json.read(
                        "[{\"role\":\"user\",\"content\":\"hello\"},{\"role\":\"assistant\",\"content\":\"hi\"},"
                                + "{\"role\":\"user\",\"content\":\"more\"}]"));
    }

    @Test
    void settingsHaveThisProvidersNames() {
        JsonNode tools = Json.read("[{\"name\":\"weather\",\"input_schema\":{\"type\":\"object\"}}]");
        JsonNode parts = Json.read(
                "[{\"type\":\"tool_result\",\"tool_use_id\":\"toolu_1\",\"content\":\"rain\"},"
                        + "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AA==\"}}]");
        JsonNode body = sent(LlmRequest.builder("m")
                .system("be brief")
                .message(LlmMessage.of("user", parts))
                .maxOutput(9)
                .temperature(0.5)
                .stop("END", "STOP")
                .seed(7)
                .tools(tools)
                .toolChoice(Json.read("{\"type\":\"any\"}"))
                .metadata(Json.read("{\"user_id\":\"u\"}"))
                .extra("top_k", Json.read("3"))
                .build());
        assertThat(body)
                .isEqualTo(Json.read(
                        "{\"model\":\"m\",\"max_tokens\":9,\"system\":\"be brief\",\"messages\":[{\"role\":\"user\","
                                + "\"content\":" + parts
                                + "}],\"temperature\":0.5,\"stop_sequences\":[\"END\",\"STOP\"],\"tools\":"
                                + tools
                                + ",\"tool_choice\":{\"type\":\"any\"},\"metadata\":{\"user_id\":\"u\"},\"top_k\":3}"));
    }

    @Test
    void whatCannotBeSentIsRefused() {
        StepVerifier.create(adapter()
                        .execute(LlmRequest.builder("m").system("alone").build()))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("no instruction"));
        StepVerifier.create(adapter()
                        .execute(hello().toBuilder()
                                .extra("stream", Json.read("true"))
                                .build()))
                .verifyErrorMessage("stream: true cannot be executed as one answer; leave the field out");
        assertThat(server.asked).isEmpty();
    }

    @Test
    void limitsAreLookedUpByTheProvider() {
        assertThat(adapter().key(hello())).isEqualTo(ModelKey.of("anthropic", "the-model"));
    }
}
