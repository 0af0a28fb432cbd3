package io.sluice.cli;

import io.sluice.SluiceException;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** How failures of all commands end: one line on the error stream, {@code sluice: ...}, and an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    /** Who sets it to true sees the traces of defects. */
    private static final String TRACE = "sluice.trace";

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        tell(command.getErr(), wrong.getMessage() + "; see '" + name + " --help'");
        return ExitCode.USAGE;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof SluiceException expected) {
            tell(command.getErr(), String.valueOf(expected.getMessage()));
            return ExitCode.FAILED;
        }
        return internal(failure, command.getErr());
    }

    /** A failure that nobody foresaw. Its trace is for who looks for it in a log. */
    static int internal(Throwable defect, PrintWriter err) {
        LOG.debug("internal error", defect);
        tell(
                err,
                "internal error: " + defect + ". This is a defect of sluice; please report it, with what java -D"
                        + TRACE + "=true -jar shows.");
        if (Boolean.getBoolean(TRACE)) {
            defect.printStackTrace(err);
        }
        return ExitCode.INTERNAL;
    }

    /** The exit code, if all that was printed could be written; a full disk must not look like success. */
    static int unlessUnwritten(int code, CommandLine program) {
        boolean unwritten = program.getOut().checkError();
        if (unwritten) {
            tell(program.getErr(), "the output could not be written in full");
        }
        program.getErr().flush();
        return unwritten && code == ExitCode.OK ? ExitCode.FAILED : code;
    }

    private static void tell(PrintWriter err, String message) {
        err.println("sluice: " + PlainText.of(message));
    }
}
