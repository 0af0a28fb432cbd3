package io.sluice.cli;

import io.sluice.loopcheck.LoopCheck;
import io.sluice.loopcheck.Report;
import io.sluice.loopcheck.Severity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice check-loops}: the loops and waits of a project's scripts that nothing ends. */
@Command(
        name = "check-loops",
        description = {
            "Find loops without a deadline, a cap or a read that ends them, and waits without a time-out, in shell,"
                    + " PowerShell, cmd and Python scripts (rule H11).",
            "A comment 'sluice:allow H11 REASON' on the line, or on one before it, suppresses one finding."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:no unbounded loop was found; warnings alone count only with --fail-on warning",
            "  1:an unbounded loop was found; with --fail-on warning also a warning, or a script that could not be checked",
            "  2:wrong usage: an unknown option, an invalid value, no such directory",
            " 70:an internal error, which is a defect of sluice"
        })
final class CheckLoopsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec command;

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR",
            converter = PathConverter.class,
            description = "A directory to check with all below it, or one script. Default: the current directory's own"
                    + " files, and its scripts, bin, tools, ci and .github with all below them.")
    private @Nullable Path given;

    @ArgGroup
    private final Form form = new Form();

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            defaultValue = "error",
            description = "What ends with exit code 1: error or warning. Default: error.")
    private String failOn = "error";

    /** How the result is printed. */
    private static final class Form {

        @Option(names = "--json", description = "Print one object with counts, findings and skipped scripts.")
        private boolean json;

        @Option(names = "--sarif", description = "Print SARIF 2.1.0, which code hosts show beside the lines.")
        private boolean sarif;
    }

    @Override
    public Integer call() {
        boolean warningsFail = warningsFail();
        Output output = Output.of(command);
        Report report = report();
        if (form.json) {
            output.json(LoopReports.json(report));
        } else if (form.sarif) {
            output.json(Sarif.of(report, new Version().getVersion()[0].replaceFirst("^sluice ", "")));
        } else {
            LoopReports.lines(report, output);
        }
        if (report.files() == 0 && report.skipped().isEmpty()) {
            output.progress("no scripts found");
        }
        boolean errors = report.count(Severity.ERROR) > 0;
        boolean warnings =
                report.count(Severity.WARNING) > 0 || !report.skipped().isEmpty();
        return errors || (warningsFail && warnings) ? ExitCode.FAILED : ExitCode.OK;
    }

    private Report report() {
        Path path = given;
        if (path == null) {
            return LoopCheck.project(Path.of(""));
        }
        if (path.toString().isEmpty() || !Files.exists(path)) {
            throw wrong("Invalid value for DIR: '" + path + "' is not an existing directory or file");
        }
        return LoopCheck.in(path);
    }

    private boolean warningsFail() {
        return switch (failOn) {
            case "error" -> false;
            case "warning" -> true;
            default -> throw wrong("Invalid value for option '--fail-on': '" + failOn + "' is not error or warning");
        };
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
