package io.sluice.cli;

import io.sluice.batch.ResultFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the results of a batch go, and what becomes of those of an earlier run. */
final class ResultOptions {

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
                    "Go on with a file of results that exists, if it does: lines that have a result in it are passed over."
                            + " A line is known by its custom_id, else by its content.")
    private boolean resume;

    @Option(
            names = "--retry-errors",
            description = "With --resume: take the errors out of the results, and send their lines again.")
    private boolean retryErrors;

    /**
     * @throws IllegalArgumentException if options contradict each other
     */
    void check() {
        if (resume && overwrite) {
            throw new IllegalArgumentException(
                    "--resume keeps the results and --overwrite throws them away; give one of them");
        }
        if (retryErrors && !resume) {
            throw new IllegalArgumentException("--retry-errors needs --resume");
        }
    }

    /**
     * Where results go: beside the input unless another place was named.
     *
     * @throws IllegalArgumentException if that is not known
     */
    Path path(String input) {
        if (output != null) {
            if (output.toString().equals("-")) {
                throw new IllegalArgumentException("results go to a file, so that none is lost; name one with -o");
            }
            if (Files.exists(output) && !Files.isRegularFile(output)) {
                throw new IllegalArgumentException(output + " is not a regular file; name another one with -o");
            }
            return output;
        }
        if (input.equals("-")) {
            throw new IllegalArgumentException("with standard input, name the file of the results with -o");
        }
        String name = input.endsWith(".jsonl") ? input.substring(0, input.length() - ".jsonl".length()) : input;
        return Path.of(name + ".results.jsonl");
    }

    ResultFile open(Path results, Output print) {
        try {
            if (!resume) {
                return ResultFile.create(results, overwrite);
            }
            ResultFile file = ResultFile.resume(results, retryErrors);
            if (file.unreadableLines() > 0) {
                print.warning(unreadable(results, file.unreadableLines(), file.unreadable()));
            }
            return file;
        } catch (IOException failure) {
            throw BatchFailedException.output(results, failure);
        }
    }

    private static String unreadable(Path results, long count, List<Long> lines) {
        String numbers = lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return results + ": " + (count == 1 ? "one line is" : count + " lines are")
                + " no results, and left as they are: " + numbers + (count > lines.size() ? " and more" : "");
    }
}
