package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmRequest;
import io.sluice.llm.ScriptedServer;
import io.sluice.support.Json;
import io.sluice.transport.NettyTransport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import reactor.core.publisher.Mono;

/** Who is called by which name, where, and with which key. */
class ProviderOptionsTest {

    private final NettyTransport transport = NettyTransport.builder().build();
    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void close() {
        server.close();
        transport.dispose();
    }

    private LlmAdapter adapter(Map<String, String> environment, String... options) {
        ProviderOptions parsed = new ProviderOptions(environment);
        CommandLine.populateCommand(parsed, options);
        return parsed.adapter(transport, 4);
    }

    @ParameterizedTest
    @CsvSource({
        "openai, openai, OPENAI_API_KEY, authorization, /chat/completions",
        "openai-responses, openai, OPENAI_API_KEY, authorization, /responses",
        "Anthropic, anthropic, ANTHROPIC_API_KEY, x-api-key, /v1/messages",
        "gemini, google, GEMINI_API_KEY, x-goog-api-key, /models/m:generateContent",
        "google, google, GEMINI_API_KEY, x-goog-api-key, /models/m:generateContent",
        "openrouter, openrouter, OPENROUTER_API_KEY, authorization, /chat/completions",
        "azure, azure, AZURE_OPENAI_API_KEY, api-key, /openai/v1/chat/completions",
        "mistral, mistral, MISTRAL_API_KEY, authorization, /chat/completions",
        "groq, groq, GROQ_API_KEY, authorization, /chat/completions",
        "acme-ai, acme-ai, ACME_AI_API_KEY, authorization, /chat/completions"
    })
    void eachIsSpokenToInItsWayWithItsKey(String name, String countsAs, String variable, String header, String path) {
        Map<String, String> environment = new HashMap<>(Map.of(variable, "the-key-of-it", "OTHER_API_KEY", "no"));
        LlmAdapter adapter = adapter(environment, "--provider", name, "--base-url", server.address());
        LlmRequest request = LlmRequest.builder("m")
                .user("hello")
                .extra("max_tokens", Json.read("9"))
                .build();
        assertThat(adapter.key(request).toString()).isEqualTo(countsAs + "/m");
        adapter.execute(request).onErrorResume(unreadable -> Mono.empty()).block(Duration.ofSeconds(30));
        ScriptedServer.Asked asked = server.onlyAsked();
        assertThat(asked.line()).isEqualTo("POST " + path);
        assertThat(asked.headers().get(header)).endsWith("the-key-of-it");
        assertThat(asked.body().toString()).contains("9");
    }

    @Test
    void settingsOfALineStandWhereTheProviderHasThem() {
        LlmRequest line = LlmRequest.builder("m")
                .user("hello")
                .extra("max_tokens", Json.read("9"))
                .extra("temperature", Json.read("0.5"))
                .extra("stop", Json.read("[\"END\"]"))
                .extra("seed", Json.read("7"))
                .extra("top_k", Json.read("3"))
                .extra("metadata", Json.read("{}"))
                .build();
        LlmRequest portable = PortableLlm.portable(line);
        assertThat(portable.maxOutput()).isEqualTo(9);
        assertThat(portable.temperature()).isEqualTo(0.5);
        assertThat(portable.stop()).containsExactly("END");
        assertThat(portable.seed()).isEqualTo(7);
        assertThat(portable.extra()).containsOnlyKeys("top_k", "metadata");
        LlmRequest wrong = line.toBuilder()
                .extra("max_tokens", Json.read("\"many\""))
                .extra("temperature", Json.read("9"))
                .extra("stop", Json.read("{}"))
                .build();
        assertThat(PortableLlm.portable(wrong).extra()).containsKeys("max_tokens", "temperature", "stop");
    }

    @Test
    void keysAndAddressesComeFromTheEnvironment() {
        Map<String, String> azure =
                Map.of("AZURE_OPENAI_ENDPOINT", "https://mine.openai.azure.com", "AZURE_OPENAI_API_KEY", "k");
        assertThat(adapter(azure, "--provider", "azure", "--api-version", "2024-10-21"))
                .hasToString("AzureOpenAiAdapter[provider=azure, host=mine.openai.azure.com]");
        assertThat(adapter(Map.of("MY_KEY", "k"), "--provider", "mistral", "--api-key-env", "MY_KEY"))
                .hasToString("OpenAiAdapter[provider=mistral, host=api.mistral.ai]");
        assertThat(adapter(Map.of(), "--provider", "claude-code", "--program", "/opt/claude"))
                .hasToString("ClaudeCodeAdapter[provider=claude-code, program=/opt/claude]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adapter(Map.of("GEMINI_API_KEY", " "), "--provider", "gemini"))
                .withMessage("there is no API key: set the environment variable GEMINI_API_KEY");
    }
}
