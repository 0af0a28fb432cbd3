package io.sluice.cli;

import io.sluice.SluiceException;
import io.sluice.batch.EarlierResults;
import io.sluice.batch.ResultFile;
import io.sluice.batch.ResumePoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the results of a batch go, and what becomes of those that are there. */
final class ResultOptions {

    private static final int SHOWN_LINES = 10;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT.jsonl",
            converter = PathConverter.class,
            description = "The results, in the order in which they come (default: IN.results.jsonl).")
    private @Nullable Path output;

    @Option(names = "--overwrite", description = "Replace a file of results that exists.")
    private boolean overwrite;

    @Option(
            names = "--resume",
            description =
                    "Go on after the results that the file holds, if it exists: prompts with a result are passed over. They"
                            + " are found by their custom_id, those without one by their content.")
    private boolean resume;

    @Option(
            names = "--retry-errors",
            description =
                    "With --resume: prompts whose result is an error are done again, and the new result replaces it.")
    private boolean retryErrors;

    /** Where results go: beside the input unless another place was named. */
    Path file(Prompts prompts) {
        if (output != null) {
            if (output.toString().equals("-")) {
                throw new IllegalArgumentException("results go to a file, so that none is lost; name one with -o");
            }
            if (Files.exists(output) && !Files.isRegularFile(output)) {
                throw new IllegalArgumentException(output + " is not a regular file; name another one with -o");
            }
            return output;
        }
        if (prompts.isStandardInput()) {
            throw new IllegalArgumentException("with standard input, name the file of the results with -o");
        }
        String input = prompts.name();
        String name = input.endsWith(".jsonl") ? input.substring(0, input.length() - ".jsonl".length()) : input;
        return Path.of(name + ".results.jsonl");
    }

    /**
     * @throws IllegalArgumentException if the options contradict each other
     */
    void check(Prompts prompts) {
        if (resume && overwrite) {
            throw new IllegalArgumentException(
                    "--resume keeps the results that --overwrite would replace; leave out one");
        }
        if (retryErrors && !resume) {
            throw new IllegalArgumentException("--retry-errors is of use only with --resume");
        }
        if (retryErrors && !prompts.canBeReadTwice()) {
            throw new IllegalArgumentException(
                    "--retry-errors reads the prompts twice; put them into a file, and name that");
        }
    }

    /**
     * Opens the file of the results, and tells what was found there.
     *
     * @throws BatchFailedException if it cannot be used
     */
    ResultFile open(Path file, Prompts prompts, Output print) {
        try {
            return resume ? resumed(file, prompts, print) : ResultFile.create(file, overwrite);
        } catch (IOException failure) {
            throw BatchFailedException.output(file, failure);
        }
    }

    private ResultFile resumed(Path file, Prompts prompts, Output print) throws IOException {
        ResultFile results = ResultFile.resume(file);
        boolean ready = false;
        try {
            warnOfDamages(file, results.earlier(), print);
            if (results.earlier().lines() > 0 && prompts.canBeReadTwice()) {
                tell(match(results, file, prompts), file, prompts, print);
            }
            ready = true;
            return results;
        } finally {
            if (!ready) {
                results.close();
            }
        }
    }

    private ResumePoint match(ResultFile results, Path file, Prompts prompts) {
        try {
            return results.match(prompts.lines(), retryErrors);
        } catch (IOException failure) {
            throw BatchFailedException.matching(file, prompts.name(), failure);
        }
    }

    private static void warnOfDamages(Path file, EarlierResults earlier, Output print) {
        if (earlier.torn()) {
            print.warning("the last line of " + file + " was not written to its end; it is dropped, and done again");
        }
        earlier.damagedLines().stream()
                .limit(SHOWN_LINES)
                .forEach(line -> print.warning("line " + line + " of " + file
                        + " is not a result; it stays, and what it was about is done again"));
        if (earlier.damaged() > SHOWN_LINES) {
            print.warning((earlier.damaged() - SHOWN_LINES) + " more lines of " + file + " are no results");
        }
    }

    private void tell(ResumePoint point, Path file, Prompts prompts, Output print) {
        if (point.done() == 0) {
            print.warning(ofOthers(file, prompts));
        }
        String errors = point.failed() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        retryErrors
                                ? ", %,d with an error to be done again"
                                : ", %,d of them with an error (--retry-errors repeats these)",
                        point.failed());
        print.progress(String.format(
                Locale.ROOT,
                "going on in %s: %,d done already%s, %,d to do",
                file,
                retryErrors ? point.answered() : point.done(),
                errors,
                point.missing() + (retryErrors ? point.failed() : 0)));
    }

    /** How many prompts have no result; null where they cannot be counted. */
    @Nullable
    Long left(Path file, Prompts prompts) {
        if (!prompts.canBeReadTwice()) {
            return null;
        }
        try (ResultFile results = ResultFile.resume(file)) {
            return results.match(prompts.lines(), false).missing();
        } catch (IOException | SluiceException failure) {
            return null;
        }
    }

    static String ofOthers(Path file, Prompts prompts) {
        return "none of the results in " + file + " belongs to a line of " + prompts.name() + "; they stay as they are";
    }
}
