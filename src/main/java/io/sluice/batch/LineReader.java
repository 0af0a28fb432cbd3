package io.sluice.batch;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines that end with LF or CRLF, the last one also without. Blank lines are counted and passed over, so is a byte
 * order mark. Of a line that is too long only the length is kept. Blocks; not thread-safe.
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
    private long chunkStart;
    private boolean ended;

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

    /** How many bytes the lines up to the last one took up, blank ones included. */
    long position() {
        return chunkStart + from;
    }

    /** Whether the last line that was returned ended with a line break. */
    boolean endsWithBreak() {
        return ended;
    }

    private BatchLine line() throws IOException {
        number++;
        if (number == 1 && to - from >= 2 && isUtf16Mark(chunk[from], chunk[from + 1])) {
            throw new IOException("it is UTF-16; save it as UTF-8");
        }
        ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        long length = 0;
        while (fill()) {
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            if (length <= maxLine) {
                gathered.write(chunk, from, end - from);
            }
            length += end - from;
            ended = end < to;
            from = ended ? end + 1 : end;
            if (ended) {
                length++;
                break;
            }
        }
        return gathered.size() > maxLine
                ? new BatchLine(number, null, length)
                : new BatchLine(number, content(gathered.toByteArray()), length);
    }

    /** Without the mark at the beginning of the input, and the CR of a CRLF. */
    private byte[] content(byte[] line) {
        int start = number == 1 && startsWithMark(line) ? BYTE_ORDER_MARK.length : 0;
        int end = line.length > start && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        return start == 0 && end == line.length ? line : Arrays.copyOfRange(line, start, end);
    }

    private static boolean startsWithMark(byte[] line) {
        return line.length >= BYTE_ORDER_MARK.length
                && line[0] == BYTE_ORDER_MARK[0]
                && line[1] == BYTE_ORDER_MARK[1]
                && line[2] == BYTE_ORDER_MARK[2];
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
        chunkStart += from;
        from = 0;
        to = Math.max(0, in.read(chunk));
        return to > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
