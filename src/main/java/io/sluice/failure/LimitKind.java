package io.sluice.failure;

/** What a provider's limit counts. */
public enum LimitKind {
    /** Calls. */
    REQUESTS,
    /** Tokens of both directions, or whatever the provider calls just tokens. */
    TOKENS,
    /** Tokens of the prompt. */
    INPUT_TOKENS,
    /** Tokens of the answer. */
    OUTPUT_TOKENS,
    /** Images of the prompt. */
    IMAGES
}
