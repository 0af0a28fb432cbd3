package io.sluice.support;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A file could not be read or written, or somebody else did not let go of it. The file is as it was. */
@Internal
public final class FileUnavailableException extends SluiceException {

    private final Path path;

    private FileUnavailableException(Path path, String message, @Nullable Throwable cause, FailureClass failureClass) {
        super(message, cause, failureClass, null, false);
        this.path = path;
    }

    static FileUnavailableException busy(Path path, Path lock, Duration waited) {
        return new FileUnavailableException(
                path,
                path + " is in use: another program has held " + lock + " for " + waited.toSeconds()
                        + " s. Wait for it to end, then try again.",
                null,
                FailureClass.TRANSIENT);
    }

    static FileUnavailableException interrupted(Path path) {
        return new FileUnavailableException(
                path, "interrupted while waiting for " + path + "; it is unchanged", null, FailureClass.UNKNOWN);
    }

    /** A file that is there cannot be read. */
    public static FileUnavailableException unreadable(Path path, IOException cause) {
        return failed("read", path, cause);
    }

    static FileUnavailableException failed(String action, Path path, IOException cause) {
        return new FileUnavailableException(
                path, "cannot " + action + " " + path + ": " + reason(path, cause), cause, FailureClass.UNKNOWN);
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** In a few words for people, why a file cannot be used; names another file where that one is to blame. */
    public static String reason(Path path, IOException cause) {
        String other = "";
        if (cause instanceof FileSystemException failure
                && failure.getFile() != null
                && !failure.getFile().equals(path.toString())) {
            other = " (" + failure.getFile() + ")";
        }
        if (cause instanceof AccessDeniedException) {
            return "permission denied" + other;
        }
        if (cause instanceof FileAlreadyExistsException) {
            return "not a directory" + other;
        }
        if (cause instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason() + other;
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
