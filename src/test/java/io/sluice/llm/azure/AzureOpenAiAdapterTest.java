package io.sluice.llm.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.OnProvider;
import io.sluice.llm.ScriptedServer;
import io.sluice.model.TokenUsage;
import org.junit.jupiter.api.Test;

/** Requests and answers, as the provider has them. */
class AzureOpenAiAdapterTest extends OnProvider {

    private AzureOpenAiAdapter.Builder builder() {
        return AzureOpenAiAdapter.builder().baseUrl(server.address()).transport(TRANSPORT);
    }

    @Override
    protected LlmAdapter adapter() {
        return builder().apiKey(() -> KEY).build();
    }

    @Test
    void withoutAVersionTheAddressIsTheSameForAllDeployments() {
        answered(hello());
        ScriptedServer.Asked asked = server.onlyAsked();
        assertThat(asked.line()).isEqualTo("POST /openai/v1/chat/completions");
        assertThat(asked.headers().getAll("api-key")).containsExactly(KEY);
        assertThat(asked.keys()).isEmpty();
        assertThat(asked.body().path("model").asString()).isEqualTo("the-model");
    }

    @Test
    void withAVersionTheDeploymentStandsInTheAddress() {
        LlmRequest request = LlmRequest.builder("my deployment/1").user("hello").build();
        builder()
                .apiVersion("2024-10-21")
                .apiKey(() -> KEY)
                .build()
                .execute(request)
                .block(LONG);
        assertThat(server.onlyAsked().line())
                .isEqualTo("POST /openai/deployments/my%20deployment%2F1/chat/completions?api-version=2024-10-21");
    }

    @Test
    void aTokenOfEntraGoesAsABearer() {
        builder().entraToken(() -> "the-token").build().execute(hello()).block(LONG);
        assertThat(server.onlyAsked().keys()).containsExactly("Bearer the-token");
        assertThat(server.onlyAsked().headers().contains("api-key")).isFalse();
    }

    @Test
    void aStreamMayBeginWithWhatTheFilterFound() {
        server.streams(
                data("{\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}"),
                data("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"content_filter_results\":{}}]}"),
                data("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}"),
                data("{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}}"),
                data("[DONE]"));
        Pieces pieces = whole();
        assertThat(pieces.text()).isEqualTo("Hello");
        assertThat(pieces.usage()).isEqualTo(TokenUsage.of(9, 2));
    }

    @Test
    void aRefusalSaysHowLongToWait() {
        server.answers(
                429,
                "{\"error\":{\"code\":\"429\",\"message\":\"Requests to the ChatCompletions_Create Operation have exceeded token"
                        + " rate limit of your current OpenAI S0 pricing tier. Please retry after 33 seconds.\"}}",
                "apim-request-id",
                "a-1");
        ProviderFailure failure = refused();
        assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(failure.retryAfter()).hasSeconds(33);
    }

    @Test
    void theGatewayNamesTheExchange() {
        server.answers(200, ScriptedServer.COMPLETION, "apim-request-id", "a-1");
        assertThat(answered(hello()).requestId()).isEqualTo("a-1");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> AzureOpenAiAdapter.builder().transport(TRANSPORT).build())
                .withMessageContaining("no baseUrl was given");
        assertThatIllegalArgumentException().isThrownBy(() -> builder().apiVersion(" "));
        assertThat(adapter()).hasToString("AzureOpenAiAdapter[provider=azure, host=127.0.0.1]");
    }
}
