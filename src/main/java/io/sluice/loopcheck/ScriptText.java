package io.sluice.loopcheck;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The text of a script: UTF-8, or UTF-16 with a byte order mark; lines end with {@code \n}. */
final class ScriptText {

    private ScriptText() {}

    /**
     * Bytes that are not UTF-8 are read as replacement characters.
     *
     * @throws UnreadableScriptException if it is no text
     */
    static String of(byte[] bytes) {
        String text = decoded(bytes);
        int zero = text.indexOf('\0');
        if (zero >= 0) {
            int line = 1
                    + (int) text.substring(0, zero)
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
            throw new UnreadableScriptException(
                    line, "a zero byte, so this is no text; if it is UTF-16, it lacks its byte order mark");
        }
        return text.indexOf('\r') < 0 ? text : text.replace("\r\n", "\n").replace('\r', '\n');
    }

    private static String decoded(byte[] bytes) {
        if (startsWith(bytes, 0xFF, 0xFE)) {
            return text(bytes, 2, StandardCharsets.UTF_16LE);
        } else if (startsWith(bytes, 0xFE, 0xFF)) {
            return text(bytes, 2, StandardCharsets.UTF_16BE);
        }
        return text(bytes, startsWith(bytes, 0xEF, 0xBB, 0xBF) ? 3 : 0, StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes, int from, Charset charset) {
        return new String(bytes, from, bytes.length - from, charset);
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        for (int i = 0; i < start.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the first bytes of a file may be those of a script that names its interpreter. */
    static boolean mayNameInterpreter(byte[] first) {
        return startsWith(first, '#', '!')
                || startsWith(first, 0xEF, 0xBB, 0xBF, '#', '!')
                || startsWith(first, 0xFF, 0xFE, '#', 0, '!', 0)
                || startsWith(first, 0xFE, 0xFF, 0, '#', 0, '!');
    }
}
