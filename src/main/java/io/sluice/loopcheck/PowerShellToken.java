package io.sluice.loopcheck;

import org.jspecify.annotations.Nullable;

/**
 * One token of PowerShell.
 *
 * @param text of a variable its name without scope, of an operator or word in lower case, of a string what is in it
 * @param glued nothing is between it and the token before
 * @param block what is in a block in braces
 */
record PowerShellToken(
        Kind kind,
        String text,
        int line,
        boolean glued,
        @Nullable Block block) {

    /** What it is. */
    enum Kind {
        VARIABLE,
        /** One of the script or of all, named so. */
        SHARED_VARIABLE,
        WORD,
        /** {@code -name}. */
        DASHED,
        NUMBER,
        STRING,
        /** A string in which variables are replaced. */
        TEMPLATE,
        SIGN,
        NEWLINE,
        BLOCK,
        END
    }

    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isVariable() {
        return kind == Kind.VARIABLE || kind == Kind.SHARED_VARIABLE;
    }
}
