package io.sluice.llm.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.OnProvider;
import io.sluice.llm.ScriptedServer;
import io.sluice.model.ModelKey;
import io.sluice.model.Money;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import org.junit.jupiter.api.Test;

/** Requests and answers, as the provider has them. */
class OpenRouterAdapterTest extends OnProvider {

    @Override
    protected LlmAdapter adapter() {
        return OpenRouterAdapter.builder()
                .baseUrl(server.baseUrl())
                .transport(TRANSPORT)
                .apiKey(() -> KEY)
                .site("https://agents.example.com")
                .title("Agents")
                .build();
    }

    @Test
    void aCallSaysWhoCallsAndCapsByTheOlderName() {
        answered(hello().toBuilder().maxOutput(9).build());
        ScriptedServer.Asked asked = server.onlyAsked();
        assertThat(asked.line()).isEqualTo("POST /v1/chat/completions");
        assertThat(asked.keys()).containsExactly("Bearer " + KEY);
        assertThat(asked.headers().get("http-referer")).isEqualTo("https://agents.example.com");
        assertThat(asked.headers().get("x-title")).isEqualTo("Agents");
        assertThat(asked.body())
                .isEqualTo(
                        Json.read(
                                "{\"model\":\"the-model\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],\"max_tokens\":9}"));
    }

    @Test
    void anAnswerNamesItsGenerationAndItsCost() {
        server.answers(
                200,
                "{\"provider\":\"Z\",\"choices\":[{\"message\":{\"content\":\"hi\"},\"finish_reason\":\"stop\","
                        + "\"native_finish_reason\":\"end_turn\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":6,\"cache_write_tokens\":2},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":3},\"cost\":0.00014}}",
                "x-generation-id",
                "gen-1");
        LlmResponse response = answered(hello());
        assertThat(response.requestId()).isEqualTo("gen-1");
        assertThat(response.usage())
                .isEqualTo(TokenUsage.of(10, 4).withCache(6, 2).withReasoning(3));
        assertThat(response.cost()).isEqualTo(Money.usd("0.00014"));
    }

    @Test
    void commentsOfAStreamArePassedOverAndItsUsageComesUnasked() {
        server.streams(
                ": OPENROUTER PROCESSING\n\n",
                data("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"}}]}"),
                ": OPENROUTER PROCESSING\n\n",
                data(
                        "{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,"
                                + "\"completion_tokens\":2,\"cost\":2.5e-5}}"),
                data("[DONE]"));
        Pieces pieces = whole();
        assertThat(pieces.text()).isEqualTo("Hello");
        assertThat(pieces.usage()).isEqualTo(TokenUsage.of(9, 2));
        assertThat(pieces.all.get(1).cost()).isEqualTo(Money.usd("0.000025"));
        assertThat(server.onlyAsked().body().has("stream_options")).isFalse();
    }

    @Test
    void anErrorBehindItIsAFailureWhereverItStands() {
        server.streams(
                data("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hel\"}}]}"),
                data(
                        "{\"error\":{\"code\":429,\"message\":\"rate limited upstream\"},\"choices\":[{\"index\":0,\"delta\":"
                                + "{\"content\":\"\"},\"finish_reason\":\"error\"}]}"));
        assertThat(broken(new Pieces()).failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        server.answers(
                200,
                "{\"choices\":[{\"error\":{\"code\":502,\"message\":\"bad upstream\"},\"finish_reason\":\"error\"}]}");
        ProviderFailure failure = refused();
        assertThat(failure.failureClass()).isEqualTo(FailureClass.TRANSIENT);
        assertThat(failure).hasMessageContaining("bad upstream");
    }

    @Test
    void creditThatIsUsedUpIsNothingToWaitFor() {
        server.answers(402, "{\"error\":{\"code\":402,\"message\":\"Insufficient credits\"}}");
        assertThat(refused().failureClass()).isEqualTo(FailureClass.QUOTA);
    }

    @Test
    void limitsAreLookedUpByTheProviderAndTheKeyIsNotShown() {
        assertThat(adapter().key(hello())).isEqualTo(ModelKey.of("openrouter", "the-model"));
        assertThat(adapter()).hasToString("OpenRouterAdapter[provider=openrouter, host=127.0.0.1]");
    }
}
