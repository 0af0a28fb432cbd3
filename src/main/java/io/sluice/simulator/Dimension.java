package io.sluice.simulator;

/** What a limit counts, in OpenAI's words (reference: the 429 texts of its error guide, seen November 2026). */
enum Dimension {
    REQUESTS("requests", "requests per min (RPM)"),
    TOKENS("tokens", "tokens per min (TPM)");

    /** The error's type. */
    final String type;

    final String words;

    Dimension(String type, String words) {
        this.type = type;
        this.words = words;
    }
}
