package io.sluice.model;

/** What a number of tokens may be, in one place for estimates and usage. */
final class TokenCount {

    /**
     * The largest number of tokens of one side of one call: 2^40, six orders of magnitude above the longest context
     * window sold. Sums of what a window can hold stay far below the range of a long.
     */
    static final long MAX = 1L << 40;

    private TokenCount() {}

    static long check(String name, long tokens) {
        if (tokens < 0 || tokens > MAX) {
            throw new IllegalArgumentException(name + " must be between 0 and " + MAX + " tokens, was " + tokens);
        }
        return tokens;
    }
}
