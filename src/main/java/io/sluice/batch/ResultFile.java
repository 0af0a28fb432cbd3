package io.sluice.batch;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The file that results are appended to, one JSON object a line. When {@link #append} returns, the operating system has
 * the result, and the end of this process cannot lose it; when {@link #force} returns, a power cut cannot either.
 *
 * <p>While it is open no other process can open it in this way. Blocks; thread-safe.
 */
public final class ResultFile implements Closeable {

    /** One byte, far behind what is ever written: readers of the file are not kept out where locks are mandatory. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /** Not a channel: that one is closed, in the middle of a line, when its thread is interrupted. */
    private final RandomAccessFile out;

    private final EarlierResults earlier;
    /** The file that was replaced, whose lock keeps out those who found it before. */
    private final Closeable replaced;

    private boolean forced = true;
    private boolean closed;

    private ResultFile(RandomAccessFile out, EarlierResults earlier, Closeable replaced) {
        this.out = out;
        this.earlier = earlier;
        this.replaced = replaced;
    }

    /**
     * Creates the file.
     *
     * @param overwrite whether a file that is there may be emptied
     * @throws FileAlreadyExistsException if there is a file that is not empty, and it may not
     * @throws IOException if it cannot be created, or another batch writes it
     */
    public static ResultFile create(Path file, boolean overwrite) throws IOException {
        if (!overwrite && Files.exists(file) && Files.size(file) > 0) {
            throw new FileAlreadyExistsException(file.toString());
        }
        RandomAccessFile out = locked(file, file);
        out.setLength(0);
        return new ResultFile(out, new EarlierResults(), () -> {});
    }

    /**
     * Takes up a file of an earlier run, or creates it. A last line that was being written when that run ended is cut off;
     * lines in between that are no results stay where they are.
     *
     * @param dropErrors whether results that are errors are taken out, so that their lines are sent again. The file is then
     *     replaced as a whole: whatever happens, there is the old one or the new one
     * @throws IOException if it cannot be read or written, or another batch writes it
     */
    public static ResultFile resume(Path file, boolean dropErrors) throws IOException {
        RandomAccessFile out = locked(file, file);
        boolean ready = false;
        try {
            EarlierResults earlier = EarlierResults.read(content(out), false, line -> {});
            if (earlier.isForeign()) {
                throw new FileSystemException(file.toString(), null, "it holds other things than results of a batch");
            }
            if (dropErrors && earlier.failed() > 0) {
                RandomAccessFile whole = out;
                ResultFile replacing = withoutErrors(file, whole);
                ready = true;
                return replacing;
            }
            out.setLength(earlier.end());
            out.seek(earlier.end());
            if (earlier.lacksBreak()) {
                out.write('\n');
            }
            ready = true;
            return new ResultFile(out, earlier, () -> {});
        } finally {
            if (!ready) {
                out.close();
            }
        }
    }

    private static ResultFile withoutErrors(Path file, RandomAccessFile old) throws IOException {
        // A symbolic link stays one.
        Path target = file.toRealPath();
        Path fresh = target.resolveSibling("." + target.getFileName() + ".sluice-resume");
        RandomAccessFile out = locked(fresh, file);
        boolean ready = false;
        try {
            out.setLength(0);
            copyPermissions(target, fresh);
            old.seek(0);
            OutputStream kept = new BufferedOutputStream(new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    out.write(b);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }
            });
            EarlierResults earlier = EarlierResults.read(content(old), true, line -> {
                kept.write(line);
                kept.write('\n');
            });
            kept.flush();
            out.getFD().sync();
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
            ready = true;
            return new ResultFile(out, earlier, old);
        } finally {
            if (!ready) {
                out.close();
                Files.deleteIfExists(fresh);
            }
        }
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        if (from.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        }
    }

    /**
     * Not through a stream or channel of its own: on POSIX systems, a process loses its lock on a file when it closes any
     * of its handles to it.
     */
    private static InputStream content(RandomAccessFile file) {
        return new BufferedInputStream(new InputStream() {
            @Override
            public int read() throws IOException {
                return file.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return file.read(bytes, offset, length);
            }
        });
    }

    private static RandomAccessFile locked(Path file, Path named) throws IOException {
        RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw");
        boolean held = false;
        try {
            FileLock lock = opened.getChannel().tryLock(LOCKED_BYTE, 1, false);
            held = lock != null;
        } catch (OverlappingFileLockException byThisProcess) {
            held = false;
        } finally {
            if (!held) {
                opened.close();
            }
        }
        if (!held) {
            throw new FileSystemException(named.toString(), null, "another batch is writing it");
        }
        return opened;
    }

    /** Results of earlier runs that are answers. */
    public long earlierAnswers() {
        return earlier.answered();
    }

    /** Results of earlier runs that are errors. */
    public long earlierErrors() {
        return earlier.failed();
    }

    /** How many lines of an earlier run are no results. */
    public long unreadableLines() {
        return earlier.unreadableLines();
    }

    /** The numbers of the first ten of those lines, counted from 1. */
    public List<Long> unreadable() {
        return List.copyOf(earlier.unreadable());
    }

    boolean isDone(Fingerprint fingerprint) {
        return earlier.isDone(fingerprint);
    }

    boolean isFailed(Fingerprint fingerprint) {
        return earlier.isFailed(fingerprint);
    }

    /**
     * Writes one result as a line.
     *
     * @throws ResultsUnwritableException if it cannot be written, or only a part of it
     */
    public synchronized void append(BatchResult result) throws ResultsUnwritableException {
        forced = false;
        try {
            out.write((result.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException refused) {
            throw new ResultsUnwritableException(refused);
        }
    }

    /**
     * Waits until the disk has all that was written. Does nothing where that is known, or the file is closed.
     *
     * @throws ResultsUnwritableException if the disk refuses
     */
    public synchronized void force() throws ResultsUnwritableException {
        if (!forced && !closed) {
            try {
                out.getFD().sync();
            } catch (IOException refused) {
                throw new ResultsUnwritableException(refused);
            }
            forced = true;
        }
    }

    /** Forces what was written and closes the file. Can be called again. */
    @Override
    public synchronized void close() throws IOException {
        try {
            force();
        } finally {
            closed = true;
            try {
                out.close();
            } finally {
                replaced.close();
            }
        }
    }
}
