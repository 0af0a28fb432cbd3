package io.sluice.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ScopeType;

/**
 * The program {@code sluice}. Exit codes: 0 done, 1 could not be done, 2 asked in a wrong way, 3 a batch's
 * budget is used up, 70 a defect of the program, 130 ended by Ctrl-C.
 *
 * <p>Output is UTF-8 whatever the locale, without colours, and lines are as long as they are.
 */
@Command(
        name = "sluice",
        description = "Paces and governs the calls that agents make to models and tools.",
        subcommands = {
            AskCommand.class,
            BatchCommand.class,
            BudgetCommand.class,
            CheckLoopsCommand.class,
            LimitsCommand.class,
            PricesCommand.class,
            SimulateCommand.class
        },
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done; for a batch: every line was answered",
            "  1:it could not be done: no such profile, a damaged file, a file problem, a line without an answer",
            "  2:wrong usage: an unknown or missing option, an invalid value",
            "  3:the budget of a batch is used up, and lines are left to do",
            " 70:an internal error, which is a defect of sluice",
            "130:ended by Ctrl-C, after the calls in flight"
        })
public final class Main {

    /** Held, because the logging of the JDK forgets loggers, with their levels, that nobody holds. */
    private static final java.util.logging.Logger NETTY = java.util.logging.Logger.getLogger("io.netty");

    private Main() {}

    /** Runs the program and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, UTF_8);
        // Netty would log to the error stream, with stack traces; what matters of it is told by the commands.
        NETTY.setLevel(java.util.logging.Level.OFF);
        FatalErrors.endTheProgram(err);
        System.exit(run(commandLine(out, err), arguments));
    }

    /** The program, printing to these writers. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        Failures failures = new Failures();
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                // A model may be called "@cf/meta/llama"; it does not name a file with arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /** Runs the program; whatever happens is told in one line at most, and by the exit code. */
    static int run(CommandLine program, String... arguments) {
        int code;
        try {
            code = program.execute(arguments);
        } catch (Throwable defect) {
            code = Failures.internal(defect, program.getErr());
        }
        return Failures.unlessUnwritten(code, program);
    }
}
