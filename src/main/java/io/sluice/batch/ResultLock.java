package io.sluice.batch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One batch at a time writes a file of results, among all processes. They meet at the operating system's lock on a file
 * {@code <name>.lock} beside it; who ends takes that file away, and who is killed leaves it there, unlocked.
 */
final class ResultLock implements Closeable {

    /** Within one process the system's lock does nothing, and is even lost when the file is opened and closed again. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path lock;
    private final FileChannel channel;

    private ResultLock(Path lock, FileChannel channel) {
        this.lock = lock;
        this.channel = channel;
    }

    /**
     * Waits for nobody.
     *
     * @return null where the file is no regular one, such as a terminal, which needs no lock
     * @throws ResultsUnusableException if another batch has the lock
     * @throws IOException if the lock cannot be created
     */
    static @Nullable ResultLock take(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return null;
        }
        Path lock = besides(file);
        if (!HELD.add(lock)) {
            throw ResultsUnusableException.inUse(file);
        }
        FileChannel channel = null;
        try {
            channel = locked(lock);
        } finally {
            if (channel == null) {
                HELD.remove(lock);
            }
        }
        if (channel == null) {
            throw ResultsUnusableException.inUse(file);
        }
        return new ResultLock(lock, channel);
    }

    /** One name for one file, whichever way led to it. */
    private static Path besides(Path file) throws IOException {
        Path real = Files.exists(file)
                ? file.toRealPath()
                : Objects.requireNonNull(file.toAbsolutePath().getParent(), "a directory")
                        .toRealPath()
                        .resolve(file.getFileName());
        return real.resolveSibling(real.getFileName() + ".lock");
    }

    private static @Nullable FileChannel locked(Path lock) throws IOException {
        while (true) {
            Object before = created(lock);
            FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean held = false;
            try {
                if (channel.tryLock() == null) {
                    return null;
                }
                // Who had it before may have taken the file away, and a third one may have made a new one.
                held = before.equals(identity(lock));
                if (held) {
                    return channel;
                }
            } catch (OverlappingFileLockException heldByAnotherClassLoader) {
                return null;
            } finally {
                if (!held) {
                    channel.close();
                }
            }
        }
    }

    private static Object created(Path lock) throws IOException {
        while (true) {
            Object identity = identity(lock);
            if (identity != null) {
                return identity;
            }
            try {
                Files.createFile(lock);
            } catch (FileAlreadyExistsException anotherWasFaster) {
                // It is as good.
            }
        }
    }

    /** Which file has the name now; null where none has it. Windows does not say, and keeps the name of an open file. */
    private static @Nullable Object identity(Path lock) throws IOException {
        try {
            Object key = Files.readAttributes(lock, BasicFileAttributes.class).fileKey();
            return key == null ? lock : key;
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /** Lets the next batch in. Called once. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(lock);
        } finally {
            HELD.remove(lock);
        }
    }
}
