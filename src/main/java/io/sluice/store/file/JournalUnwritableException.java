package io.sluice.store.file;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import io.sluice.support.FileUnavailableException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A change could not be written down, because the disk is full or failed, or the file was taken away. What was written before
 * is still there; the next change is tried again.
 */
public final class JournalUnwritableException extends SluiceException {

    private final Path path;

    JournalUnwritableException(Path path, Throwable cause) {
        super(
                "cannot write " + path + ": "
                        + (cause instanceof IOException io ? FileUnavailableException.reason(path, io) : cause)
                        + ". What was to be written is not kept; make room or give access, then try again.",
                cause,
                FailureClass.UNKNOWN,
                null,
                false);
        this.path = path;
    }

    /** The file. */
    public Path path() {
        return path;
    }
}
