package io.sluice.budget;

import io.sluice.tokens.TokenEstimator;

/** The most tokens that an input can have, whatever counts them. */
final class UpperBound {

    private UpperBound() {}

    static long ofInput(Iterable<? extends CharSequence> texts) {
        long tokens = TokenEstimator.MESSAGE_OVERHEAD;
        for (CharSequence text : texts) {
            tokens += TokenEstimator.MESSAGE_OVERHEAD + bytes(text);
        }
        return tokens;
    }

    /** In UTF-8, where a half of a surrogate pair takes the three bytes of the character that replaces it. */
    private static long bytes(CharSequence text) {
        long bytes = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char one = text.charAt(i);
            if (one < 0x80) {
                bytes++;
            } else if (one < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(one)
                    && i + 1 < length
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
