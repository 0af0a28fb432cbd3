package io.sluice.simulator;

/**
 * What a limit counts, in the providers' words (OpenAI: the 429 texts of its error guide, seen November 2026; Anthropic:
 * texts of 429s from April 2026).
 */
enum Dimension {
    REQUESTS("requests", "requests per min (RPM)", "requests per minute"),
    TOKENS("tokens", "tokens per min (TPM)", "tokens per minute"),
    INPUT("tokens", "input tokens per min (ITPM)", "input tokens per minute"),
    OUTPUT("tokens", "output tokens per min (OTPM)", "output tokens per minute");

    /** The type of OpenAI's error. */
    final String type;

    final String openAiWords;
    final String anthropicWords;

    Dimension(String type, String openAiWords, String anthropicWords) {
        this.type = type;
        this.openAiWords = openAiWords;
        this.anthropicWords = anthropicWords;
    }
}
