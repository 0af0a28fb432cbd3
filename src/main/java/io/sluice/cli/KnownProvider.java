package io.sluice.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The providers of OpenAI's protocol whose addresses are known (from their API references, seen in November 2026). */
enum KnownProvider {
    OPENAI("https://api.openai.com/v1"),
    OPENROUTER("https://openrouter.ai/api/v1"),
    MISTRAL("https://api.mistral.ai/v1"),
    GROQ("https://api.groq.com/openai/v1");

    /** The name of the embedded simulator, which needs no address. */
    static final String SIMULATOR = "simulator";

    final String baseUrl;

    KnownProvider(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    /** The provider of this name, in any case; null where it is none of these. */
    static @Nullable KnownProvider find(String name) {
        for (KnownProvider provider : values()) {
            if (provider.label().equals(name.toLowerCase(Locale.ROOT))) {
                return provider;
            }
        }
        return null;
    }

    /** The name as a person writes it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
