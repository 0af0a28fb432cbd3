package io.sluice.simulator;

/** How a provider counts what it has let in. */
public enum WindowKind {

    /**
     * What was let in at time t counts at every time in [t, t + window). The strictest of the three: no span of the
     * window's length ever holds more than the limit.
     */
    ROLLING,

    /**
     * A bucket that holds one limit, full at the start, and refills continuously at one limit per window. This is how
     * OpenAI and Anthropic count; the wait that OpenAI states is {@code (used + requested - limit) / limit * window},
     * which reproduces recorded messages to the millisecond (seen November 2026). Over one window from the start it lets
     * in up to two limits.
     */
    TOKEN_BUCKET,

    /**
     * Spans of the window's length by the wall clock, such as from minute to minute, each of which begins empty. Around
     * a boundary it lets in up to two limits at once. Mistral counts so (measured, 2026).
     */
    FIXED
}
