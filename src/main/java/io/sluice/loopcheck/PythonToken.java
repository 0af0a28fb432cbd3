package io.sluice.loopcheck;

/**
 * One token of Python.
 *
 * @param text as it stands there; of a string what is in it
 */
record PythonToken(Kind kind, String text, int line) {

    /** What it is. */
    enum Kind {
        NAME,
        NUMBER,
        STRING,
        SIGN
    }

    boolean is(String what) {
        return (kind == Kind.NAME || kind == Kind.SIGN) && text.equals(what);
    }

    boolean isName() {
        return kind == Kind.NAME && !PythonLexer.KEYWORDS.contains(text);
    }
}
