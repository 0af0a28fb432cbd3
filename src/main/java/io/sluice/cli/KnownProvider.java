package io.sluice.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who can be called by name alone. */
enum KnownProvider {
    OPENAI("OPENAI_API_KEY"),
    OPENAI_RESPONSES("OPENAI_API_KEY"),
    ANTHROPIC("ANTHROPIC_API_KEY"),
    GEMINI("GEMINI_API_KEY"),
    OPENROUTER("OPENROUTER_API_KEY"),
    AZURE("AZURE_OPENAI_API_KEY"),
    MISTRAL("MISTRAL_API_KEY"),
    GROQ("GROQ_API_KEY"),
    CLAUDE_CODE("ANTHROPIC_API_KEY");

    /** The name of the embedded simulator, which needs no address. */
    static final String SIMULATOR = "simulator";

    /** The other name of {@link #GEMINI}, which its limits go by. */
    private static final String GOOGLE = "google";

    /** The environment variable with the key. */
    final String keyVariable;

    KnownProvider(String keyVariable) {
        this.keyVariable = keyVariable;
    }

    /** The provider of this name, in any case; null where it is none of these. */
    static @Nullable KnownProvider find(String name) {
        String asked = name.toLowerCase(Locale.ROOT);
        for (KnownProvider provider : values()) {
            if (provider.label().equals(asked)) {
                return provider;
            }
        }
        return asked.equals(GOOGLE) ? GEMINI : null;
    }

    /** The name as a person writes it. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether requests are said in OpenAI's chat completions. */
    boolean speaksChat() {
        return switch (this) {
            case OPENAI, OPENROUTER, AZURE, MISTRAL, GROQ -> true;
            case OPENAI_RESPONSES, ANTHROPIC, GEMINI, CLAUDE_CODE -> false;
        };
    }
}
