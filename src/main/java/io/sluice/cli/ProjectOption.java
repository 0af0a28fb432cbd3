package io.sluice.cli;

import io.sluice.ratelimit.RateLimitProfile;
import io.sluice.ratelimit.RateLimitProfiles;
import io.sluice.store.file.BudgetFile;
import io.sluice.store.file.EntryProblem;
import io.sluice.store.file.PriceFile;
import io.sluice.store.file.ProfileFile;
import io.sluice.store.file.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Which project a command works on. */
final class ProjectOption {

    @Option(
            names = "--project-dir",
            paramLabel = "DIR",
            defaultValue = ".",
            converter = ExistingDirectory.class,
            description = "The project's directory, which must exist. Default: the current one.")
    private Path directory = Path.of(".");

    /** The project's profile file; need not exist. */
    ProfileFile profileFile() {
        return ProfileFile.in(directory);
    }

    /** What the project's profile file says. What a person should look at in it is printed as a warning. */
    ProfileFile.Contents read(Output output) {
        ProfileFile.Contents contents = profileFile().read();
        for (EntryProblem problem : contents.problems()) {
            output.warning(problem.file() + ": " + problem);
        }
        for (RateLimitProfile row : contents.superseded(RateLimitProfiles.current())) {
            output.warning(contents.path() + ": " + row.key() + " has the source \"default\", so the built-in numbers"
                    + " count instead of RPM=" + row.rpm() + " TPM=" + row.tpm() + "; to make these count, use"
                    + " 'sluice limits set'");
        }
        return contents;
    }

    /** Where the project's budgets are kept; need not exist. */
    Path budgetDirectory() {
        return BudgetFile.directory(directory);
    }

    /** The file of one of the project's budgets; need not exist. */
    BudgetFile budgetFile(String name) {
        return BudgetFile.in(directory, name);
    }

    /** The project's file of prices; need not exist. */
    PriceFile priceFile() {
        return PriceFile.in(directory);
    }

    /** The project's state file; need not exist. */
    StateFile stateFile() {
        return StateFile.in(directory);
    }

    /** What the project's state file says. What a person should look at in it is printed as a warning. */
    StateFile.Contents readState(Output output) {
        StateFile.Contents contents = stateFile().read();
        for (EntryProblem problem : contents.problems()) {
            output.warning(problem.file() + ": " + problem);
        }
        return contents;
    }

    /** Resolved, so that messages and files do not depend on where the program was started. */
    static final class ExistingDirectory implements ITypeConverter<Path> {

        @Override
        public Path convert(String value) {
            try {
                Path directory = Path.of(value);
                if (!value.isEmpty() && Files.isDirectory(directory)) {
                    return directory.toRealPath();
                }
            } catch (InvalidPathException | IOException unusable) {
                // Told like a directory that is not there.
            }
            throw new TypeConversionException("'" + value + "' is not an existing directory");
        }
    }
}
