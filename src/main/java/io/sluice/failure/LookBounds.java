package io.sluice.failure;

import org.jspecify.annotations.Nullable;

/**
 * What one look at a failure may still read: {@value #MOST_CHARS} characters of texts as they come, as many of
 * the values within, and {@value #MOST_VALUES} values in all, {@value #DEEPEST} levels deep. All that one failure holds,
 * each of its causes included, shares them. What lies beyond is not there.
 */
final class LookBounds {

    static final int MOST_CHARS = 64 * 1024;
    static final int MOST_VALUES = 1_024;
    static final int DEEPEST = 32;

    /** No name of a field or header that means anything is longer. */
    static final int LONGEST_NAME = 128;

    private int textLeft = MOST_CHARS;
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

    /** A whole text as it came, as far as it may be looked through; null where nothing may be any more. */
    @Nullable
    String text(@Nullable String text) {
        if (text == null || (textLeft <= 0 && !text.isEmpty())) {
            return null;
        }
        String some = Scan.cut(text, textLeft);
        textLeft -= some.length();
        return some;
    }

    /** A value within, as far as it may be read; null for null and where nothing may be read any more. */
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
