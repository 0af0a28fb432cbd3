package io.sluice.cli;

/** What the program tells the script that started it. */
final class ExitCode {

    /** What was asked for was done. */
    static final int OK = 0;

    /** What was asked for could not be done: no such profile, a damaged file, a file that cannot be read or written. */
    static final int FAILED = 1;

    /** The budget of a batch is used up, and lines are left to do. */
    static final int OUT_OF_BUDGET = 3;

    /** Ended by Ctrl-C; the shell's convention, and what the JVM itself ends with. */
    static final int INTERRUPTED = 130;

    /** It was asked in a wrong way: an unknown option, a missing one, an impossible value. */
    static final int USAGE = 2;

    /** A defect of the program; the number is EX_SOFTWARE of BSD's sysexits.h. */
    static final int INTERNAL = 70;

    private ExitCode() {}
}
