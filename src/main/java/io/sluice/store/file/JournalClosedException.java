package io.sluice.store.file;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.nio.file.Path;

/** A store in a file was disposed of, or is not open yet, so that nothing is kept in it. */
public final class JournalClosedException extends SluiceException {

    private final Path path;

    JournalClosedException(Path path, boolean over) {
        super(
                over
                        ? path + " was closed and keeps nothing any more. Open it again for further changes."
                        : path + " is not open. Open it, and wait until that is done, before the first change.",
                null,
                over ? FailureClass.REJECTED : FailureClass.PROGRAMMING,
                null,
                false);
        this.path = path;
    }

    /** The file. */
    public Path path() {
        return path;
    }
}
