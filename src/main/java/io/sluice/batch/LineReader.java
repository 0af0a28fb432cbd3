package io.sluice.batch;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines that end with LF or CRLF, the last one also without. Blank lines are counted and passed over, so is a byte
 * order mark. Of a line that is too long only the length and a digest are kept. Blocks; not thread-safe.
 */
final class LineReader implements Closeable {

    /** The longest line that is read, in bytes: room for the images of a prompt. */
    static final int MAX_LINE = 32 << 20;

    private static final int CHUNK = 64 << 10;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final int maxLine;
    private final byte[] chunk = new byte[CHUNK];
    private int from;
    private int to;
    private long number;
    private long position;

    LineReader(InputStream in) {
        this(in, MAX_LINE);
    }

    LineReader(InputStream in, int maxLine) {
        this.in = in;
        this.maxLine = maxLine;
    }

    /** The next line that is not blank; null at the end. */
    @Nullable
    BatchLine next() throws IOException {
        while (fill()) {
            BatchLine line = line();
            byte[] bytes = line.bytes();
            if (bytes == null || !isBlank(bytes)) {
                return line;
            }
        }
        return null;
    }

    /** How many bytes were taken up by all lines up to now. */
    long position() {
        return position;
    }

    private BatchLine line() throws IOException {
        number++;
        if (number == 1 && to - from >= 2 && isUtf16Mark(chunk[from], chunk[from + 1])) {
            throw new IOException("it is UTF-16; save it as UTF-8");
        }
        boolean ended = false;
        ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        LineDigest tooLong = null;
        long length = 0;
        while (!ended && fill()) {
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            if (tooLong != null) {
                tooLong.add(chunk, from, end);
            } else {
                gathered.write(chunk, from, end - from);
                if (gathered.size() > maxLine) {
                    byte[] beginning = gathered.toByteArray();
                    tooLong = new LineDigest();
                    tooLong.add(beginning, mark(beginning), beginning.length);
                    gathered = new ByteArrayOutputStream();
                }
            }
            ended = end < to;
            length += end - from + (ended ? 1 : 0);
            from = ended ? end + 1 : end;
        }
        position += length;
        return tooLong != null
                ? BatchLine.tooLong(number, tooLong.end(), length)
                : BatchLine.of(number, content(gathered.toByteArray()), length);
    }

    /** Without the mark at the beginning of the input, and the CR of a CRLF. */
    private byte[] content(byte[] line) {
        int start = mark(line);
        int end = line.length > start && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        return start == 0 && end == line.length ? line : Arrays.copyOfRange(line, start, end);
    }

    /** How long the byte order mark is at the beginning of a line; 0 where there is none. */
    private int mark(byte[] line) {
        int length = BYTE_ORDER_MARK.length;
        return number == 1 && line.length >= length && Arrays.equals(line, 0, length, BYTE_ORDER_MARK, 0, length)
                ? length
                : 0;
    }

    /** Windows PowerShell writes such files; its lines would be read as one good one and many bad ones. */
    private static boolean isUtf16Mark(byte first, byte second) {
        return (first == (byte) 0xFF && second == (byte) 0xFE) || (first == (byte) 0xFE && second == (byte) 0xFF);
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Whether there is another byte. */
    private boolean fill() throws IOException {
        if (from < to) {
            return true;
        }
        from = 0;
        to = Math.max(0, in.read(chunk));
        return to > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
