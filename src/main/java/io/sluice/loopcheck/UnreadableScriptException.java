package io.sluice.loopcheck;

/** A script that its language does not allow, or that goes beyond what is looked at; its message says where and why. */
final class UnreadableScriptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnreadableScriptException(int line, String problem) {
        super("line " + line + ": " + problem, null, false, false);
    }
}
