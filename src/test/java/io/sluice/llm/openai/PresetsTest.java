package io.sluice.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.llm.LlmRequest;
import io.sluice.llm.LlmResponse;
import io.sluice.llm.LlmToolCall;
import io.sluice.support.Json;
import io.sluice.transport.HttpTransport;
import io.sluice.transport.TransportRequest;
import io.sluice.transport.TransportResponse;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Others that speak the protocol, and what a request can say besides its messages. */
class PresetsTest extends OnServer {

    private static final LlmRequest EVERYTHING = hello().toBuilder()
            .maxOutput(9)
            .temperature(0.5)
            .stop("END")
            .seed(7)
            .tools(Json.read("[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]"))
            .toolChoice(Json.read("\"required\""))
            .metadata(Json.read("{\"a\":\"b\"}"))
            .build();

    private JsonNode sent(OpenAiAdapter adapter) {
        adapter.execute(EVERYTHING).block(LONG);
        return server.asked.get(server.asked.size() - 1).body();
    }

    /** Fails every exchange with the address that it was to go to. */
    private static final HttpTransport TELLS_WHERE = new HttpTransport() {
        @Override
        public <T> Flux<T> exchange(
                TransportRequest request,
                Function<? super TransportResponse, ? extends Publisher<? extends T>> handler) {
            return Flux.error(new IllegalStateException(request.uri().toString()));
        }
    };

    private static void goesTo(OpenAiAdapter.Builder builder, String provider, String address) {
        OpenAiAdapter adapter = builder.transport(TELLS_WHERE).build();
        assertThat(adapter.provider()).isEqualTo(provider);
        StepVerifier.create(adapter.execute(hello())).verifyErrorMessage(address);
    }

    @Test
    void eachHasItsAddressAndItsName() {
        goesTo(OpenAiAdapter.mistral(), "mistral", "https://api.mistral.ai/v1/chat/completions");
        goesTo(OpenAiAdapter.groq(), "groq", "https://api.groq.com/openai/v1/chat/completions");
    }

    @Test
    void whatARequestSaysHasOpenAisNames() {
        assertThat(sent(adapter))
                .isEqualTo(
                        Json.read(
                                "{\"model\":\"gpt-5-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}],"
                                        + "\"max_completion_tokens\":9,\"temperature\":0.5,\"stop\":[\"END\"],\"seed\":7,\"tools\":[{\"type\":"
                                        + "\"function\",\"function\":{\"name\":\"weather\"}}],\"tool_choice\":\"required\",\"metadata\":{\"a\":\"b\"}}"));
    }

    @Test
    void mistralHasNamesOfItsOwnAndIsNotAskedForUsage() {
        OpenAiAdapter mistral = OpenAiAdapter.mistral()
                .baseUrl(server.baseUrl())
                .transport(TRANSPORT)
                .build();
        JsonNode body = sent(mistral);
        assertThat(body.path("max_tokens").asInt()).isEqualTo(9);
        assertThat(body.path("random_seed").asInt()).isEqualTo(7);
        assertThat(body.has("max_completion_tokens")).isFalse();
        assertThat(body.has("seed")).isFalse();
        server.answers(200, io.sluice.llm.ScriptedServer.COMPLETION, "content-type", "application/json");
        mistral.stream(hello()).blockLast(LONG);
        assertThat(server.asked.get(1).body().has("stream_options")).isFalse();
    }

    @Test
    void theFieldOfTheCapCanBeNamed() {
        OpenAiAdapter.Builder builder =
                OpenAiAdapter.builder().baseUrl(server.baseUrl()).transport(TRANSPORT);
        assertThat(sent(builder.capField("max_tokens").build())
                        .path("max_tokens")
                        .asInt())
                .isEqualTo(9);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.capField(" "));
    }

    @Test
    void toolsThatAreAskedForStandBesideTheText() {
        server.answers(
                200,
                "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":["
                        + "{\"id\":\"call_1\",\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Bonn\\\"}\"}},"
                        + "{\"id\":\"call_2\",\"function\":{\"name\":\"time\",\"arguments\":\"\"}},"
                        + "{\"id\":\"call_3\",\"function\":{\"name\":\"broken\",\"arguments\":\"{oops\"}},"
                        + "{\"id\":\"call_4\",\"function\":{}}]},\"finish_reason\":\"tool_calls\"}],"
                        + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,\"prompt_tokens_details\":{\"cached_tokens\":6},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":3}}}");
        LlmResponse response = answered();
        assertThat(response.toolCalls())
                .containsExactly(
                        new LlmToolCall("call_1", "weather", Json.read("{\"city\":\"Bonn\"}")),
                        new LlmToolCall("call_2", "time", Json.read("{}")),
                        new LlmToolCall("call_3", "broken", Json.read("\"{oops\"")));
        assertThat(response.usage().cacheRead()).isEqualTo(6);
        assertThat(response.usage().reasoning()).isEqualTo(3);
    }
}
