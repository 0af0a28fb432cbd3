package io.sluice.batch;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.nio.file.Path;

/** A file cannot take the results of a batch. It is as it was. */
public final class ResultsUnusableException extends SluiceException {

    private final Path path;

    private ResultsUnusableException(Path path, String message, FailureClass failureClass) {
        super(message, null, failureClass, null, false);
        this.path = path;
    }

    static ResultsUnusableException inUse(Path path) {
        return new ResultsUnusableException(
                path,
                path + " is being written by another batch; wait for it to end, or name another file of results",
                FailureClass.TRANSIENT);
    }

    static ResultsUnusableException foreign(Path path, long line) {
        return new ResultsUnusableException(
                path,
                path + " is not a file of results: line " + line + " is none, and no other line is one;"
                        + " name another file of results",
                FailureClass.CALLER);
    }

    static ResultsUnusableException notRegular(Path path) {
        return new ResultsUnusableException(
                path, path + " is not a regular file, so that its results cannot be continued", FailureClass.CALLER);
    }

    /** The file. */
    public Path path() {
        return path;
    }
}
