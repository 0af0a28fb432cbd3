package io.sluice.store.file;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file that one program at a time may write belongs to another, or to another part of this one. Nothing was changed.
 */
public final class JournalInUseException extends SluiceException {

    private final Path path;
    private final OwnerLock.Owner owner;

    JournalInUseException(Path path, OwnerLock.Owner owner) {
        super(
                path + " is in use by " + words(owner) + "; one program at a time may write it. Wait for it to end, or"
                        + " use another file.",
                null,
                FailureClass.TRANSIENT,
                null,
                false);
        this.path = path;
        this.owner = owner;
    }

    private static String words(OwnerLock.Owner owner) {
        Long pid = owner.pid();
        String process = pid == null
                ? "another program"
                : pid == ProcessHandle.current().pid() ? "this process (" + pid + ")" : "process " + pid;
        return process
                + (owner.host() == null ? "" : " on " + owner.host())
                + (owner.since() == null ? "" : " since " + owner.since());
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The process that owns it; null where that is not known. */
    public @Nullable Long pid() {
        return owner.pid();
    }

    /** The machine of that process; null where it is not known. */
    public @Nullable String host() {
        return owner.host();
    }

    /** Since when, by that machine's clock; null where it is not known. */
    public @Nullable Instant since() {
        return owner.since();
    }
}
