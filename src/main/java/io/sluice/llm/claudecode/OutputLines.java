package io.sluice.llm.claudecode;

import io.sluice.llm.EventTooLargeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a program's output, of which one at a time is kept. For one thread, which may block. */
final class OutputLines {

    private static final int PIECE = 64 << 10;
    private static final int SMALL = 8 << 10;

    private final InputStream output;
    private final int maxLine;

    private final byte[] piece = new byte[PIECE];
    private int at;
    private int end;
    private byte[] line = new byte[SMALL];
    private int length;

    /**
     * @param maxLine the longest line in bytes
     */
    OutputLines(InputStream output, int maxLine) {
        this.output = output;
        this.maxLine = maxLine;
    }

    /**
     * The next line without its end, of whatever bytes; null after the last. One that is not ended counts as one.
     *
     * @throws EventTooLargeException at a line that is longer than may be
     * @throws IOException if the output cannot be read, also because it was closed
     */
    byte @Nullable [] next() throws IOException {
        for (; ; ) {
            while (at < end) {
                int to = at;
                while (to < end && piece[to] != '\n') {
                    to++;
                }
                append(to);
                boolean ended = to < end;
                at = ended ? to + 1 : to;
                if (ended) {
                    return taken();
                }
            }
            at = 0;
            end = output.read(piece, 0, PIECE);
            if (end < 0) {
                end = 0;
                return length == 0 ? null : taken();
            }
        }
    }

    private void append(int to) {
        int more = to - at;
        if (more > maxLine - length) {
            throw new EventTooLargeException(maxLine);
        }
        if (length + more > line.length) {
            line = Arrays.copyOf(line, (int) Math.min(maxLine, Math.max(length + more, 2L * line.length)));
        }
        System.arraycopy(piece, at, line, length, more);
        length += more;
    }

    private byte[] taken() {
        byte[] taken = Arrays.copyOf(line, length);
        length = 0;
        if (line.length > PIECE) {
            line = new byte[SMALL];
        }
        return taken;
    }
}
