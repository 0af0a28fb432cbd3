package io.sluice.cli;

import java.io.Console;

/** Whether somebody looks on, who likes a bar that moves better than lines. */
final class Terminal {

    private Terminal() {}

    @SuppressWarnings("SystemConsoleNull") // what it says of JDK 22 and later is handled below
    static boolean isThere() {
        Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // From JDK 22 on there is a console without a terminal, and a method that tells.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJdk) {
            return true;
        }
    }
}
