package io.sluice.cli;

import io.sluice.llm.LlmAdapter;
import io.sluice.llm.LlmAdapterBuilder;
import io.sluice.llm.anthropic.AnthropicAdapter;
import io.sluice.llm.azure.AzureOpenAiAdapter;
import io.sluice.llm.claudecode.ClaudeCodeAdapter;
import io.sluice.llm.claudecode.ClaudeCodeBuilder;
import io.sluice.llm.google.GeminiAdapter;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.llm.openai.OpenAiResponsesAdapter;
import io.sluice.llm.openrouter.OpenRouterAdapter;
import io.sluice.transport.HttpTransport;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is called. The key comes from the environment, where no list of processes shows it. */
final class ProviderOptions {

    private static final String AZURE_ADDRESS = "AZURE_OPENAI_ENDPOINT";

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description =
                    "Who is called, and whose limits count: simulator, openai, openai-responses, anthropic, gemini,"
                            + " openrouter, azure, mistral, groq, claude-code, or any other name with --base-url, which"
                            + " then speaks OpenAI's chat completions (default: simulator, or openai with --base-url).")
    private @Nullable String provider;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "The address of the server, such as http://localhost:8000/v1; of azure the resource (default"
                    + " there: the environment variable " + AZURE_ADDRESS
                    + "). It is sent a key only with --provider or"
                    + " --api-key-env.")
    private @Nullable String baseUrl;

    @Option(names = "--model", paramLabel = "NAME", description = "The model; of azure the deployment.")
    private @Nullable String model;

    @Option(
            names = "--api-key-env",
            paramLabel = "VARIABLE",
            description = "The environment variable with the API key (default: that of the provider, such as"
                    + " OPENAI_API_KEY).")
    private @Nullable String keyVariable;

    @Option(
            names = "--api-version",
            paramLabel = "DATE",
            description = "The version of azure's API, for addresses with deployments, such as 2024-10-21.")
    private @Nullable String apiVersion;

    @Option(
            names = "--program",
            paramLabel = "PATH",
            description = "The program that claude-code is (default: claude, looked for in the path).")
    private @Nullable String program;

    private final Map<String, String> environment;

    ProviderOptions() {
        this(System.getenv());
    }

    /**
     * @param environment where keys and addresses are found
     */
    ProviderOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Whether the embedded simulator is called. */
    boolean isSimulated() {
        return baseUrl == null && (provider == null || provider.equalsIgnoreCase(KnownProvider.SIMULATOR));
    }

    /** The name that was given, or what stands for none. */
    String name() {
        if (provider == null) {
            return baseUrl == null ? KnownProvider.SIMULATOR : KnownProvider.OPENAI.label();
        }
        return provider.strip().toLowerCase(Locale.ROOT);
    }

    /** The model of requests that name none, or null. */
    @Nullable
    String model() {
        return model == null && isSimulated() ? "gpt-sim" : model;
    }

    /** The adapter of the embedded simulator, at this address. */
    LlmAdapter simulated(HttpTransport transport, String address) {
        return OpenAiAdapter.builder()
                .provider(KnownProvider.SIMULATOR)
                .baseUrl(address)
                .transport(transport)
                .build();
    }

    /**
     * The adapter of a real provider. Requests may be in the form of chat completions, whatever it speaks.
     *
     * @param processes how many processes may run at once, where it is one
     * @throws IllegalArgumentException if the address is unknown or wrong, or a key is needed and there is none
     */
    LlmAdapter adapter(HttpTransport transport, int processes) {
        KnownProvider known = KnownProvider.find(name());
        checkOptions(known);
        if (known == null) {
            if (baseUrl == null) {
                throw new IllegalArgumentException(
                        "the address of provider '" + name() + "' is not known; give it with --base-url");
            }
            return with(OpenAiAdapter.builder().provider(name()), variableOf(name()), transport)
                    .build();
        }
        String variable = known.keyVariable;
        LlmAdapter adapter = switch (known) {
            case OPENAI -> with(OpenAiAdapter.builder(), variable, transport).build();
            case OPENAI_RESPONSES ->
                with(OpenAiResponsesAdapter.builder(), variable, transport).build();
            case ANTHROPIC ->
                with(AnthropicAdapter.builder(), variable, transport).build();
            case GEMINI -> with(GeminiAdapter.builder(), variable, transport).build();
            case OPENROUTER ->
                with(OpenRouterAdapter.builder(), variable, transport).build();
            case AZURE -> azure(variable, transport);
            case MISTRAL -> with(OpenAiAdapter.mistral(), variable, transport).build();
            case GROQ -> with(OpenAiAdapter.groq(), variable, transport).build();
            case CLAUDE_CODE -> claudeCode(variable, processes);
        };
        return known.speaksChat() ? adapter : new PortableLlm(adapter);
    }

    private void checkOptions(@Nullable KnownProvider known) {
        if (known == KnownProvider.CLAUDE_CODE && baseUrl != null) {
            throw new IllegalArgumentException("claude-code is a program and has no address; leave --base-url out");
        }
        if (known != KnownProvider.CLAUDE_CODE && program != null) {
            throw new IllegalArgumentException("--program is of use only with --provider claude-code");
        }
        if (known != KnownProvider.AZURE && apiVersion != null) {
            throw new IllegalArgumentException("--api-version is of use only with --provider azure");
        }
    }

    private <B extends LlmAdapterBuilder<B>> B with(B builder, String usualVariable, HttpTransport transport) {
        B settings = baseUrl == null ? builder : builder.baseUrl(baseUrl);
        String key = key(usualVariable, baseUrl != null);
        return (key == null ? settings : settings.apiKey(() -> key)).transport(transport);
    }

    private AzureOpenAiAdapter azure(String variable, HttpTransport transport) {
        AzureOpenAiAdapter.Builder settings = AzureOpenAiAdapter.builder().transport(transport);
        String address = baseUrl == null ? environment.get(AZURE_ADDRESS) : baseUrl;
        if (address == null || address.isBlank()) {
            throw new IllegalArgumentException("azure needs the address of the resource: give it with --base-url, or"
                    + " set the environment variable " + AZURE_ADDRESS);
        }
        settings.baseUrl(address);
        String key = key(variable, baseUrl != null);
        if (key != null) {
            settings.apiKey(() -> key);
        }
        return apiVersion == null
                ? settings.build()
                : settings.apiVersion(apiVersion).build();
    }

    /** The program finds its own account where there is no key. */
    private ClaudeCodeAdapter claudeCode(String variable, int processes) {
        String key = key(variable, true);
        ClaudeCodeBuilder settings =
                ClaudeCodeAdapter.builder().maxProcesses(processes).apiKey(() -> key);
        return (program == null ? settings : settings.command(program)).build();
    }

    /**
     * @param optional whether a server may need none
     */
    private @Nullable String key(String usualVariable, boolean optional) {
        // The key of a provider goes to an address of somebody's choice only if that was said to be the provider's.
        if (baseUrl != null && provider == null && keyVariable == null) {
            return null;
        }
        String variable = keyVariable == null ? usualVariable : keyVariable;
        String key = environment.get(variable);
        boolean missing = key == null || key.isBlank();
        if (missing && (!optional || keyVariable != null)) {
            throw new IllegalArgumentException("there is no API key: set the environment variable " + variable);
        }
        return missing ? null : key;
    }

    private static String variableOf(String provider) {
        return provider.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_API_KEY";
    }
}
