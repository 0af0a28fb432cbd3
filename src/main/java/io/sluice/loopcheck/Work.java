package io.sluice.loopcheck;

/** How much has been looked at in one script, so that none keeps the checker for ever. */
final class Work {

    private static final int MOST = 20_000_000;

    private int spent;

    /**
     * @throws UnreadableScriptException if it is too much
     */
    void spend(int line) {
        if (++spent > MOST) {
            throw new UnreadableScriptException(line, "too many loops and calls to follow");
        }
    }
}
