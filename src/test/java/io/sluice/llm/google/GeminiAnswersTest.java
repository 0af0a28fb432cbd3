package io.sluice.llm.google;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.FailureClass;
import io.sluice.failure.ProviderFailure;
import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmChunk;
import io.sluice.llm.LlmMessage;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.LlmToolCall;
import io.sluice.llm.OnProvider;
import io.sluice.llm.ScriptedServer;
import io.sluice.model.ModelKey;
import io.sluice.model.TokenUsage;
import io.sluice.support.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What reaches the server, and answers as the provider writes them. */
class GeminiAnswersTest extends OnProvider {

    @Override
    protected LlmAdapter adapter() {
        return GeminiAdapter.builder()
                .baseUrl(server.address() + "/v1beta")
                .transport(TRANSPORT)
                .apiKey(() -> KEY)
                .build();
    }

    private static String content(String parts, String rest) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + parts + "]}" + rest + "}";
    }

    private static String said(String text, String usage) {
        return content(
                "{\"text\":\"" + text + "\"}", ",\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":" + usage);
    }

    private static final String NOTHING = "{}";

    @Test
    void textReasonUsageAndIdAreRead() {
        LlmResponse response = answered(content(
                "{\"text\":\"hm\",\"thought\":true},{\"text\":\"hi\"},{\"text\":\" there\"}",
                ",\"finishReason\":\"STOP\"}],\"responseId\":\"abc\",\"usageMetadata\":{\"promptTokenCount\":100,"
                        + "\"cachedContentTokenCount\":60,\"candidatesTokenCount\":5,\"thoughtsTokenCount\":20,"
                        + "\"toolUsePromptTokenCount\":7,\"totalTokenCount\":132}"));
        assertThat(response.text()).isEqualTo("hi there");
        assertThat(response.finishReason()).isEqualTo("STOP");
        assertThat(response.requestId()).isEqualTo("abc");
        assertThat(response.usage())
                .isEqualTo(TokenUsage.of(107, 25).withCache(60, 0).withReasoning(20));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | TokenUsage[input=unknown, output=unknown]",
                "{\"promptTokenCount\":3} | TokenUsage[input=3, output=unknown]",
                "{\"promptTokenCount\":3,\"thoughtsTokenCount\":4} | TokenUsage[input=3, output=4, reasoning=4]",
                "{\"candidatesTokenCount\":\"x\"} | TokenUsage[input=unknown, output=unknown]"
            })
    void whatIsNotToldIsNotKnown(String usage, String expected) {
        assertThat(answered(said("hi", usage)).usage()).hasToString(expected);
    }

    @Test
    void toolsThatAreAskedForStandBesideTheText() {
        assertThat(answered(content(
                                "{\"functionCall\":{\"name\":\"weather\",\"args\":{\"city\":\"Bonn\"}}}",
                                ",\"finishReason\":\"STOP\"}]"))
                        .toolCalls())
                .containsExactly(new LlmToolCall(null, "weather", Json.read("{\"city\":\"Bonn\"}")));
    }

    @Test
    void toolsOfAStreamStandInThePieceThatAsksForThem() {
        server.streams(
                data(content("{\"functionCall\":{\"id\":\"f1\",\"name\":\"weather\",\"args\":{}}}", "}]")),
                data("{\"candidates\":[{\"finishReason\":\"STOP\",\"index\":0}]}"));
        assertThat(whole().all)
                .extracting(LlmChunk::toolCalls)
                .containsExactly(List.of(new LlmToolCall("f1", "weather", Json.read("{}"))), List.of());
    }

    @Test
    void anAnswerThatWasBrokenOffSaysSo() {
        LlmResponse response = answered("{\"candidates\":[{\"finishReason\":\"SAFETY\",\"index\":0}]}");
        assertThat(response.text()).isEmpty();
        assertThat(response.finishReason()).isEqualTo("SAFETY");
    }

    @Test
    void aPromptThatIsRefusedIsNoAnswerAndNothingToRepeat() {
        server.answers(
                200,
                "{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},\"usageMetadata\":{\"promptTokenCount\":8}}");
        ProviderFailure failure = refused();
        assertThat(failure.failureClass()).isEqualTo(FailureClass.CALLER);
        assertThat(failure.code()).isEqualTo("PROHIBITED_CONTENT");
        assertThat(failure.usage()).isEqualTo(TokenUsage.input(8));
        assertThat(failure).hasMessageContaining("refuses the prompt");
    }

    @Test
    void whatIsNoContentCannotBeRead() {
        server.answers(200, NOTHING);
        assertThat(refused()).hasMessageContaining("it has no candidates");
    }

    @Test
    void aQuotaSaysHowLongToWait() {
        server.answers(
                429,
                "{\"error\":{\"code\":429,\"message\":\"Please retry in 34.07s.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                        + "{\"@type\":\"type.googleapis.com/google.rpc.QuotaFailure\",\"violations\":[{\"quotaId\":"
                        + "\"GenerateContentInputTokensPerModelPerMinute-FreeTier\",\"quotaValue\":\"250000\"}]},"
                        + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"34.074824224s\"}]}}");
        ProviderFailure failure = refused();
        assertThat(failure.failureClass()).isEqualTo(FailureClass.RATE_LIMIT);
        assertThat(failure.retryAfter()).hasNanos(34_074_824_224L);
    }

    @Test
    void aCallIsOnePostWithTheKeyInAHeader() {
        server.answers(200, said("hi", "{}"));
        answered(hello());
        ScriptedServer.Asked asked = server.onlyAsked();
        assertThat(asked.line()).isEqualTo("POST /v1beta/models/the-model:generateContent");
        assertThat(asked.headers().getAll("x-goog-api-key")).containsExactly(KEY);
        assertThat(asked.body())
                .isEqualTo(Json.read("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]}]}"));
    }

    @Test
    void settingsHaveThisProvidersNamesAndPlaces() {
        server.answers(200, said("hi", "{}"));
        answered(LlmRequest.builder("m")
                .system("be brief")
                .user("hello")
                .assistant("hi")
                .message(LlmMessage.of(
                        "user", Json.read("[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}}]")))
                .maxOutput(9)
                .temperature(0.5)
                .stop("END")
                .seed(7)
                .tools(Json.read("[{\"functionDeclarations\":[]}]"))
                .toolChoice(Json.read("{\"functionCallingConfig\":{\"mode\":\"ANY\"}}"))
                .metadata(Json.read("{\"a\":\"b\"}"))
                .extra("generationConfig", Json.read("{\"topK\":3,\"maxOutputTokens\":10}"))
                .extra("safetySettings", Json.read("[]"))
                .build());
        assertThat(server.onlyAsked().body())
                .isEqualTo(
                        Json.read(
                                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello\"}]},{\"role\":\"model\",\"parts\":"
                                        + "[{\"text\":\"hi\"}]},{\"role\":\"user\",\"parts\":[{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}}]}],"
                                        + "\"systemInstruction\":{\"parts\":[{\"text\":\"be brief\"}]},\"tools\":[{\"functionDeclarations\":[]}],"
                                        + "\"toolConfig\":{\"functionCallingConfig\":{\"mode\":\"ANY\"}},\"safetySettings\":[],\"generationConfig\":"
                                        + "{\"maxOutputTokens\":10,\"temperature\":0.5,\"stopSequences\":[\"END\"],\"seed\":7,\"topK\":3}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash, /v1beta/models/gemini-2.5-flash:generateContent",
        "tunedModels/mine, /v1beta/tunedModels/mine:generateContent",
        "models/../secret?x, /v1beta/models/%2E%2E/secret%3Fx:generateContent",
        "größe, /v1beta/models/gr%C3%B6%C3%9Fe:generateContent"
    })
    void theModelStandsInTheAddressWhateverItIsCalled(String model, String path) {
        server.answers(200, said("hi", "{}"));
        answered(LlmRequest.builder(model).user("hello").build());
        assertThat(server.onlyAsked().line()).isEqualTo("POST " + path);
    }

    @Test
    void limitsAreLookedUpByTheProviderAndTheKeyIsNotShown() {
        assertThat(adapter().key(hello())).isEqualTo(ModelKey.of("google", "the-model"));
        assertThat(adapter()).hasToString("GeminiAdapter[provider=google, host=127.0.0.1]");
    }

    @Test
    void aStreamComesInWholeObjectsWhoseUsageGrows() {
        server.streams(
                data(content("{\"text\":\"Hel\"}", "}],\"usageMetadata\":{\"promptTokenCount\":9}")),
                data(content(
                        "{\"text\":\"lo\"}",
                        "}],\"usageMetadata\":{\"promptTokenCount\":9,\"candidatesTokenCount\":1}")),
                data(said("", "{\"promptTokenCount\":9,\"candidatesTokenCount\":2,\"thoughtsTokenCount\":30}")));
        Pieces pieces = whole();
        assertThat(pieces.text()).isEqualTo("Hello");
        assertThat(pieces.reasons()).containsExactly("STOP");
        assertThat(pieces.usage()).isEqualTo(TokenUsage.of(9, 32).withReasoning(30));
        assertThat(server.onlyAsked().line()).isEqualTo("POST /v1beta/models/the-model:streamGenerateContent?alt=sse");
    }

    @Test
    void aStreamThatEndsWithoutAReasonIsAFailureThatSaysWhatWasUsed() {
        server.streams(data(content("{\"text\":\"Hel\"}", "}],\"usageMetadata\":{\"promptTokenCount\":9}")));
        Pieces pieces = new Pieces();
        ProviderFailure failure = broken(pieces);
        assertThat(failure).hasMessageContaining("the stream ended before the answer did");
        assertThat(failure.usage()).isEqualTo(TokenUsage.input(9));
        assertThat(pieces.text()).isEqualTo("Hel");
    }

    @Test
    void anErrorAfterStatus200IsAFailure() {
        server.streams(
                data(content("{\"text\":\"Hel\"}", "}]")),
                data("{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}"));
        assertThat(broken(new Pieces()).failureClass()).isEqualTo(FailureClass.OVERLOADED);
    }

    @Test
    void aPromptThatIsRefusedInAStreamIsNoAnswer() {
        server.streams(data("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}"));
        assertThat(broken(new Pieces()).code()).isEqualTo("SAFETY");
    }
}
