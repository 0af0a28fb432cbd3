package io.sluice.batch;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file that results are appended to, one JSON object a line. When {@link #append} returns, the operating system has
 * the result, and the end of this process cannot lose it; when {@link #force} returns, a power cut cannot either.
 *
 * <p>Blocks; thread-safe.
 */
public final class ResultFile implements Closeable {

    /** Not a channel: that one is closed, in the middle of a line, when its thread is interrupted. */
    private final FileOutputStream out;

    private boolean forced = true;
    private boolean closed;

    private ResultFile(FileOutputStream out) {
        this.out = out;
    }

    /**
     * Creates the file.
     *
     * @param overwrite whether a file that is there may be emptied
     * @throws java.nio.file.FileAlreadyExistsException if there is a file, and it may not
     * @throws IOException if it cannot be created
     */
    public static ResultFile create(Path file, boolean overwrite) throws IOException {
        if (!overwrite) {
            Files.createFile(file);
        }
        return new ResultFile(new FileOutputStream(file.toFile(), !overwrite));
    }

    /**
     * Writes one result as a line.
     *
     * @throws IOException if it cannot be written, or only a part of it
     */
    public synchronized void append(BatchResult result) throws IOException {
        forced = false;
        out.write((result.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Waits until the disk has all that was written. Does nothing where that is known, or the file is closed.
     *
     * @throws IOException if the disk refuses
     */
    public synchronized void force() throws IOException {
        if (!forced && !closed) {
            out.getFD().sync();
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
            out.close();
        }
    }
}
