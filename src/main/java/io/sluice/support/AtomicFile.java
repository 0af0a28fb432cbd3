package io.sluice.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads and changes whole files so that a reader sees the old content or the new and never a part, a crash or a full
 * disk loses nothing, and of concurrent writers none overwrites what another wrote. Blocks: not for an event loop.
 */
@Internal
public final class AtomicFile {

    /** How long a writer waits for others. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final int MAX_LINKS = 40;

    private AtomicFile() {}

    /**
     * The content of a file, or null where there is none. Creates nothing and waits for nobody.
     *
     * @throws FileUnavailableException if the file cannot be read
     */
    public static byte @Nullable [] read(Path file) {
        try {
            return readIfPresent(file);
        } catch (IOException failure) {
            throw FileUnavailableException.failed("read", file, failure);
        }
    }

    /**
     * Replaces the content of a file by what {@code change} makes of it, alone among all writers that use this method.
     * Missing directories are created; a symbolic link stays one, and what it points to is changed. On POSIX systems
     * the file becomes readable for its owner only.
     *
     * @param change given the content, or null where there is no file, returns the new content, or null to leave the
     *     file as it is; what it throws is passed on, and the file stays as it is. Must not change the same file again
     * @throws FileUnavailableException if the file cannot be read or written, or others keep it for 10 seconds
     */
    public static void update(Path file, Function<byte @Nullable [], byte @Nullable []> change) {
        update(file, change, PATIENCE);
    }

    static void update(Path file, Function<byte @Nullable [], byte @Nullable []> change, Duration patience) {
        try {
            Path target = place(file);
            WriteLock lock = WriteLock.of(target, patience);
            try {
                byte[] changed = change.apply(readIfPresent(target));
                if (changed != null) {
                    replace(target, changed);
                }
            } finally {
                lock.release();
            }
        } catch (IOException failure) {
            throw FileUnavailableException.failed("write", file, failure);
        }
    }

    /** The attributes of a new file that only its owner may read and write, where the system knows such a thing. */
    public static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static byte @Nullable [] readIfPresent(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException absent) {
            return null;
        }
    }

    /**
     * Where a file really is or would be: one name for it, whichever way led to it. Missing directories are created, the
     * file is not.
     *
     * @throws IOException if there can be no file of that name
     */
    public static Path place(Path file) throws IOException {
        return inExistingDirectory(withoutLinks(file.toAbsolutePath()));
    }

    /** Follows the file's own links even to where nothing is yet. */
    private static Path withoutLinks(Path file) throws IOException {
        Path path = file;
        for (int links = 0; Files.isSymbolicLink(path); links++) {
            if (links == MAX_LINKS) {
                throw new IOException("too many symbolic links");
            }
            path = path.resolveSibling(Files.readSymbolicLink(path));
        }
        return path;
    }

    private static Path inExistingDirectory(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IOException("is a directory");
        }
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory);
        }
        // One name for one file, whichever way led to it: the locks depend on it.
        return directory.toRealPath().resolve(file.getFileName());
    }

    /**
     * Replaces the content of a file that is there by what {@code content} writes, however much that is. The file keeps
     * its permissions and, where it is a symbolic link, stays one. The caller keeps other writers away.
     *
     * @param content writes the new content; what it throws is passed on, and the file stays as it is
     * @throws IOException if the file cannot be written; it is as it was
     */
    public static void rewrite(Path file, Content content) throws IOException {
        Path target = file.toRealPath();
        boolean posix = target.getFileSystem().supportedFileAttributeViews().contains("posix");
        Set<PosixFilePermission> permissions = posix ? Files.getPosixFilePermissions(target) : Set.of();
        replace(target, channel -> {
            content.writeTo(channel);
            if (posix) {
                Files.setPosixFilePermissions(temporary(target), permissions);
            }
        });
    }

    /**
     * Writes a file, whole or not at all, in place of one that may be there. Only its owner may read and write it. The
     * caller keeps other writers away.
     *
     * @param target its {@link #place}
     * @param content writes the content; what it throws is passed on, and nothing is changed
     * @throws IOException if the file cannot be written; nothing is changed
     */
    public static void create(Path target, Content content) throws IOException {
        replace(target, content);
    }

    /** The new content of a file. */
    @FunctionalInterface
    public interface Content {

        /** Writes all of it to the channel, which is at its beginning and is closed afterwards. */
        void writeTo(FileChannel channel) throws IOException;
    }

    private static void replace(Path target, byte[] content) throws IOException {
        replace(target, channel -> {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        });
    }

    private static void replace(Path target, Content content) throws IOException {
        Path temporary = temporary(target);
        Files.deleteIfExists(temporary);
        try {
            Set<StandardOpenOption> create = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (FileChannel channel = FileChannel.open(temporary, create, ownerOnly(temporary))) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        sync(target.resolveSibling("."));
    }

    /** It has a fixed name: only the holder of the lock writes it, and one left by a crash is replaced. */
    private static Path temporary(Path target) {
        return target.resolveSibling(target.getFileName() + ".tmp");
    }

    /** Makes the rename survive a power cut, where the system lets a directory be opened. */
    private static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException notSupportedHere) {
            // Windows; its file system keeps names in a journal.
        }
    }
}
