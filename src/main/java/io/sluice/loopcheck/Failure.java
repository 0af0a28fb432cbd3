package io.sluice.loopcheck;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which errors a handler of Python or PowerShell catches, by their names. */
final class Failure {

    /** Of those that a broad handler lets pass. */
    private static final Set<String> NOT_ORDINARY = Set.of("SystemExit", "KeyboardInterrupt", "GeneratorExit");

    private static final Set<String> OF_THE_SYSTEM =
            Set.of("TimeoutError", "ConnectionError", "ConnectionRefusedError", "FileNotFoundError", "PermissionError");

    private Failure() {}

    /**
     * @param error its name; null if it is not known
     * @param names those of the handler; empty if it catches all
     */
    static boolean isCaughtBy(@Nullable String error, Set<String> names) {
        if (names.isEmpty() || names.contains("BaseException")) {
            return true;
        }
        if (error == null) {
            return false;
        }
        return names.contains(error)
                || (names.contains("Exception") && !NOT_ORDINARY.contains(error))
                || ((names.contains("OSError") || names.contains("IOError")) && OF_THE_SYSTEM.contains(error));
    }
}
