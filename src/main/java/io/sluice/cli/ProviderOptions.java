package io.sluice.cli;

import io.sluice.llm.LlmAdapter;
import io.sluice.llm.openai.OpenAiAdapter;
import io.sluice.transport.HttpTransport;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who is called. The key comes from the environment, where no list of processes shows it. */
final class ProviderOptions {

    @Option(
            names = "--provider",
            paramLabel = "NAME",
            description =
                    "Who is called, and whose limits count: simulator, openai, openrouter, mistral, groq, or any other"
                            + " name with --base-url (default: simulator, or openai with --base-url).")
    private @Nullable String provider;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "The address of a server with OpenAI's protocol, such as http://localhost:8000/v1. It is sent"
                    + " a key only with --provider or --api-key-env.")
    private @Nullable String baseUrl;

    @Option(names = "--model", paramLabel = "NAME", description = "The model of lines that name none.")
    private @Nullable String model;

    @Option(
            names = "--api-key-env",
            paramLabel = "VARIABLE",
            description = "The environment variable with the API key (default: that of the provider, such as"
                    + " OPENAI_API_KEY).")
    private @Nullable String keyVariable;

    /** Whether the embedded simulator is called. */
    boolean isSimulated() {
        return baseUrl == null && (provider == null || provider.equalsIgnoreCase(KnownProvider.SIMULATOR));
    }

    /** As whom the calls count. */
    String name() {
        if (provider == null) {
            return baseUrl == null ? KnownProvider.SIMULATOR : KnownProvider.OPENAI.label();
        }
        return provider.strip().toLowerCase(Locale.ROOT);
    }

    /** The model of lines that name none, or null. */
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
     * The adapter of a real provider.
     *
     * @throws IllegalArgumentException if the address is unknown or wrong, or a key is needed and there is none
     */
    LlmAdapter adapter(HttpTransport transport) {
        KnownProvider known = KnownProvider.find(name());
        if (baseUrl == null && known == null) {
            throw new IllegalArgumentException(
                    "the address of provider '" + name() + "' is not known; give it with --base-url");
        }
        String variable = keyVariable == null ? variableOf(name()) : keyVariable;
        // The key of a provider goes to an address of somebody's choice only if that was said to be the provider's.
        boolean foreign = baseUrl != null && provider == null && keyVariable == null;
        String key = foreign ? null : System.getenv(variable);
        boolean missing = key == null || key.isBlank();
        if (missing && (baseUrl == null || keyVariable != null)) {
            throw new IllegalArgumentException("there is no API key: set the environment variable " + variable);
        }
        OpenAiAdapter.Builder adapter = OpenAiAdapter.builder()
                .provider(name())
                .baseUrl(baseUrl != null || known == null ? String.valueOf(baseUrl) : known.baseUrl)
                .transport(transport);
        return missing ? adapter.build() : adapter.apiKey(() -> key).build();
    }

    private static String variableOf(String provider) {
        return provider.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_") + "_API_KEY";
    }
}
