package io.sluice.batch;

import io.sluice.support.AtomicFile;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The file that results are appended to, one JSON object a line. When {@link #append} returns, the operating system has
 * the result, and the end of this process cannot lose it; when {@link #force} returns, a power cut cannot either.
 *
 * <p>One batch at a time has it: until it is closed there is a file {@code <name>.lock} beside it.
 *
 * <p>Blocks; thread-safe.
 */
public final class ResultFile implements Closeable {

    private final Path file;

    /** Null where the file is not a regular one. */
    private final @Nullable ResultLock lock;

    private final EarlierResults earlier;

    // All guarded by this.
    /** Not a channel: that one is closed, in the middle of a line, when its thread is interrupted. */
    private FileOutputStream out;

    private boolean forced = true;
    private boolean closed;

    private ResultFile(Path file, @Nullable ResultLock lock, EarlierResults earlier, FileOutputStream out) {
        this.file = file;
        this.lock = lock;
        this.earlier = earlier;
        this.out = out;
    }

    /**
     * Creates the file.
     *
     * @param overwrite whether a file that is there may be emptied
     * @throws FileAlreadyExistsException if there is a file that is not empty, and it may not
     * @throws ResultsUnusableException if another batch writes it
     * @throws IOException if it cannot be created
     */
    public static ResultFile create(Path file, boolean overwrite) throws IOException {
        return locked(file, lock -> {
            if (!overwrite && Files.exists(file) && Files.size(file) > 0) {
                throw new FileAlreadyExistsException(file.toString());
            }
            return new ResultFile(file, lock, new EarlierResults(), new FileOutputStream(file.toFile(), !overwrite));
        });
    }

    /**
     * Opens the file to go on after the results that it holds, or creates it. A last line that was written in part only is
     * taken away. Other lines stay as they are, whether or not they are results.
     *
     * @throws ResultsUnusableException if another batch writes it, it is not a regular file, or it has lines of which none
     *     is a result; it is as it was
     * @throws IOException if it cannot be read or written
     */
    public static ResultFile resume(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw ResultsUnusableException.notRegular(file);
        }
        return locked(file, lock -> {
            EarlierResults earlier = new EarlierResults();
            if (Files.exists(file)) {
                endAt(file, earlier.read(file));
            }
            return new ResultFile(file, lock, earlier, new FileOutputStream(file.toFile(), true));
        });
    }

    private static ResultFile locked(Path file, Opening opening) throws IOException {
        ResultLock lock = ResultLock.take(file);
        ResultFile opened = null;
        try {
            opened = opening.with(lock);
            return opened;
        } finally {
            if (opened == null && lock != null) {
                lock.close();
            }
        }
    }

    @FunctionalInterface
    private interface Opening {
        ResultFile with(@Nullable ResultLock lock) throws IOException;
    }

    /** Cuts off what is behind, and ends the last line, which may be whole but for its line break. */
    private static void endAt(Path file, long size) throws IOException {
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            if (content.length() > size) {
                content.setLength(size);
            }
            if (size > 0) {
                content.seek(size - 1);
                if (content.read() != '\n') {
                    content.write('\n');
                }
            }
        }
    }

    /** What the file held when it was opened; nothing where it was created. */
    public EarlierResults earlier() {
        return earlier;
    }

    /**
     * Compares the results that were there with an input, which is read to its end. To be called before the batch runs.
     *
     * @param retryErrors whether the errors of lines of this input are taken out of the file, so that these lines are done
     *     again; the file is replaced as a whole then
     * @return how much there is of the input; errors that were taken out are among the failed ones
     * @throws IOException if the input cannot be read, or the file not be written; it is as it was then
     */
    public synchronized ResumePoint match(BatchInput input, boolean retryErrors) throws IOException {
        ResumePoint point = earlier.match(input, retryErrors);
        if (retryErrors && point.failed() > 0) {
            out.close();
            try {
                AtomicFile.rewrite(file, this::copyWithoutErrors);
            } finally {
                out = new FileOutputStream(file.toFile(), true);
            }
        }
        return point;
    }

    private void copyWithoutErrors(FileChannel copy) throws IOException {
        try (FileChannel old = FileChannel.open(file, StandardOpenOption.READ);
                LineReader lines = new LineReader(Files.newInputStream(file), EarlierResults.MAX_RESULT)) {
            long from = 0;
            for (BatchLine line = lines.next(); line != null; line = lines.next()) {
                if (earlier.isToRetry(line)) {
                    copy(old, from, lines.position() - line.length(), copy);
                    from = lines.position();
                }
            }
            copy(old, from, old.size(), copy);
        }
    }

    private static void copy(FileChannel from, long begin, long end, FileChannel to) throws IOException {
        long done = begin;
        while (done < end) {
            long more = from.transferTo(done, end - done, to);
            if (more <= 0) {
                throw new EOFException("it became shorter while it was copied");
            }
            done += more;
        }
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
     * Waits until the disk has all that was written. Does nothing where that is known, the file is closed, or is no regular
     * one, such as a terminal.
     *
     * @throws ResultsUnwritableException if the disk refuses
     */
    public synchronized void force() throws ResultsUnwritableException {
        if (!forced && !closed && lock != null) {
            try {
                out.getFD().sync();
            } catch (IOException refused) {
                throw new ResultsUnwritableException(refused);
            }
            forced = true;
        }
    }

    /** Forces what was written, closes the file and lets the next batch have it. Can be called again. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            force();
        } finally {
            closed = true;
            try (lock) {
                out.close();
            }
        }
    }
}
