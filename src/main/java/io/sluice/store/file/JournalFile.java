package io.sluice.store.file;

import io.sluice.support.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The file of a journal that this process owns. Blocks; for one thread at a time. */
final class JournalFile {

    private static final int BLOCK = 1 << 18;

    private final Path path;
    private final String kind;
    private final OwnerLock lock;

    private @Nullable FileChannel channel;
    /** What has been written, and may not be on the disk yet. */
    private boolean unsynced;
    /** Why nobody knows what is on the disk; only writing everything anew helps. */
    private @Nullable IOException unsure;
    /** Whether there may be something behind the last whole record. */
    private boolean torn;

    private long records;
    private volatile long end;

    private JournalFile(Path path, String kind, OwnerLock lock) {
        this.path = path;
        this.kind = kind;
        this.lock = lock;
    }

    /**
     * Takes a journal for this process alone.
     *
     * @throws JournalInUseException if it is somebody's
     */
    static JournalFile own(Path file, String kind) throws IOException {
        Path place = AtomicFile.place(file);
        return new JournalFile(place, kind, OwnerLock.of(place));
    }

    /** Reads what is there; called once, before anything is appended. */
    JournalReplay replay(Consumer<? super JournalRecord> reader) throws IOException {
        JournalReplay replay = new JournalReader(path, kind, reader).read();
        records = replay.records();
        end = replay.bytes();
        torn = replay.isTorn();
        return replay;
    }

    /** The size of what is whole, in bytes. Any thread may ask. */
    long size() {
        return end;
    }

    boolean isUnsynced() {
        return unsynced;
    }

    /** Puts records behind the last: all of them, or none. */
    void append(List<byte[]> appended) throws IOException {
        if (unsure != null) {
            throw unsure;
        }
        if (end == 0) {
            if (Files.exists(path)) {
                throw new FileSystemException(path.toString(), null, "somebody else made it meanwhile");
            }
            rewrite(List.of());
        }
        FileChannel open = open();
        if (torn) {
            open.truncate(end);
            torn = false;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < appended.size(); i++) {
            JournalLine.write(records + 1 + i, appended.get(i), lines);
        }
        long from = end;
        torn = true;
        try {
            write(open, from, lines.toByteArray());
            torn = false;
        } finally {
            if (torn) {
                cut(open);
            }
        }
        records += appended.size();
        end = from + lines.size();
        unsynced = true;
    }

    /** A half of what was refused must not be read back; where it cannot be cut now, the next append does. */
    private void cut(FileChannel open) {
        try {
            open.truncate(end);
            torn = false;
        } catch (IOException stillThere) {
            // The first failure is the one to tell.
        }
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null || !open.isOpen()) {
            open = FileChannel.open(path, StandardOpenOption.WRITE);
            channel = open;
        }
        return open;
    }

    /** Sees to it that what was appended survives a power cut. */
    void sync() throws IOException {
        if (!unsynced) {
            return;
        }
        try {
            open().force(false);
            if (Files.notExists(path)) {
                // We would go on writing into what nobody can find again.
                throw new NoSuchFileException(path.toString(), null, "it was taken away");
            }
            unsynced = false;
        } catch (IOException failure) {
            // The system may have forgotten the pages that it could not write, and a second try would not tell.
            unsure = failure;
            throw failure;
        }
    }

    /** Replaces all records by others, on the disk when this returns; one file or the other is there at any time. */
    void rewrite(List<byte[]> snapshot) throws IOException {
        Size size = new Size();
        AtomicFile.Content content = to -> {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            JournalLine.write(0, JournalReader.header(kind), lines);
            for (int i = 0; i < snapshot.size(); i++) {
                JournalLine.write(i + 1L, snapshot.get(i), lines);
                if (lines.size() >= BLOCK) {
                    size.bytes += write(to, size.bytes, lines.toByteArray());
                    lines.reset();
                }
            }
            size.bytes += write(to, size.bytes, lines.toByteArray());
        };
        if (Files.exists(path)) {
            AtomicFile.rewrite(path, content);
        } else {
            AtomicFile.create(path, content);
        }
        FileChannel replaced = channel;
        channel = null;
        records = snapshot.size();
        end = size.bytes;
        torn = false;
        unsynced = false;
        unsure = null;
        if (replaced != null) {
            replaced.close();
        }
    }

    private static final class Size {
        private long bytes;
    }

    private static int write(FileChannel to, long at, byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            to.write(rest, at + rest.position());
        }
        return bytes.length;
    }

    /** Syncs, and lets the next owner in even if that fails. */
    void close() throws IOException {
        try {
            sync();
        } finally {
            try {
                if (channel != null) {
                    channel.close();
                }
            } finally {
                lock.close();
            }
        }
    }
}
