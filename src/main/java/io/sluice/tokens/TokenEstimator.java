package io.sluice.tokens;

/**
 * Estimates the tokens of a call's input. An estimate only has to be good enough to wait by: usage is settled with what
 * the provider reports.
 *
 * <p>Implementations count a text; they must be thread-safe, must not block, and must not throw on any text, however
 * malformed. All results lie between 0 and 2^40.
 */
@FunctionalInterface
public interface TokenEstimator {

    /** What a message costs beside its text: role and delimiters. The figure of specsmith 0.25. */
    long MESSAGE_OVERHEAD = 8;

    /** What a part of a message costs that is not text, such as an image. The figure of specsmith 0.25. */
    long ATTACHMENT_TOKENS = 4096;

    /** The largest estimate: 2^40, which is also the most that {@code TokenEstimate} takes. */
    long MAX_TOKENS = 1L << 40;

    /** The tokens of a text: 0 for an empty one, at least 1 for any other. */
    long text(CharSequence text);

    /** The tokens of a conversation: of each text, and {@link #MESSAGE_OVERHEAD} for each. */
    default long messages(Iterable<? extends CharSequence> texts) {
        long tokens = 0;
        for (CharSequence text : texts) {
            tokens = Math.min(MAX_TOKENS, tokens + MESSAGE_OVERHEAD + text(text));
        }
        return tokens;
    }

    /**
     * The built-in estimate: a quarter of the characters, rounded up, where a character is a code point; except that
     * every character of a script that is written without spaces (Han, Kana, Thai and the like) is a token by itself.
     */
    static TokenEstimator characters() {
        return CharacterEstimator.INSTANCE;
    }
}
