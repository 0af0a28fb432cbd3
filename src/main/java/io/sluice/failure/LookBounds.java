package io.sluice.failure;

import org.jspecify.annotations.Nullable;

/**
 * What one look at a failure may still read: {@value #MOST_CHARS} characters and {@value #MOST_VALUES} values in all,
 * {@value #DEEPEST} levels deep. What lies beyond is not there.
 */
final class LookBounds {

    static final int MOST_CHARS = 64 * 1024;
    static final int MOST_VALUES = 1_024;
    static final int DEEPEST = 32;

    private int charsLeft = MOST_CHARS;
    private int valuesLeft = MOST_VALUES;

    /** Counts one value; false where there were too many. */
    boolean value() {
        return valuesLeft-- > 0;
    }

    /** Whether no further value will be read. */
    boolean isSpent() {
        return valuesLeft <= 0;
    }

    /** The text as far as it may be read; null for null and where nothing may be read any more. */
    @Nullable
    String chars(@Nullable String text) {
        if (text == null || charsLeft <= 0) {
            return null;
        }
        String some = Scan.cut(text, charsLeft);
        charsLeft -= some.length();
        return some;
    }
}
