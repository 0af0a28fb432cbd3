package io.sluice.store.file;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sluice.support.Json;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One line of a journal: {@code {"seq":1,"record":{...},"crc32c":"0123abcd"}}. The checksum is that of all bytes of the line
 * before the comma in front of it, so it covers the record and its place.
 */
final class JournalLine {

    private static final byte[] BEFORE_SEQUENCE = "{\"seq\":".getBytes(US_ASCII);
    private static final byte[] BEFORE_RECORD = ",\"record\":".getBytes(US_ASCII);
    private static final byte[] BEFORE_SUM = ",\"crc32c\":\"".getBytes(US_ASCII);
    private static final byte[] AFTER_SUM = "\"}".getBytes(US_ASCII);
    private static final int DIGITS = 8;
    private static final int TAIL = BEFORE_SUM.length + DIGITS + AFTER_SUM.length;

    private JournalLine() {}

    /** Writes a line with its line feed. */
    static void write(long sequence, byte[] record, ByteArrayOutputStream to) {
        byte[] number = Long.toString(sequence).getBytes(US_ASCII);
        CRC32C sum = new CRC32C();
        for (byte[] part : new byte[][] {BEFORE_SEQUENCE, number, BEFORE_RECORD, record}) {
            sum.update(part);
            to.writeBytes(part);
        }
        to.writeBytes(BEFORE_SUM);
        to.writeBytes(digits(sum));
        to.writeBytes(AFTER_SUM);
        to.write('\n');
    }

    /**
     * Reads a line.
     *
     * @param line its bytes, without the line feed
     * @param sequence the place that it must have
     * @throws DamagedFileException if it is anything else than what was written
     */
    static JournalRecord read(Path file, byte[] line, long sequence) {
        int end = line.length - TAIL;
        if (end < 0 || !isAt(line, end, BEFORE_SUM) || !isAt(line, line.length - AFTER_SUM.length, AFTER_SUM)) {
            throw damaged(file, sequence, "it is not a record of a journal");
        }
        CRC32C sum = new CRC32C();
        sum.update(line, 0, end);
        if (!isAt(line, end + BEFORE_SUM.length, digits(sum))) {
            throw damaged(file, sequence, "its checksum is not that of the record");
        }
        ObjectNode read = parsed(file, line, sequence);
        JsonNode place = read.get("seq");
        if (place == null || !place.canConvertToLong() || place.longValue() != sequence) {
            throw damaged(file, sequence, "expected record " + sequence + ", found " + place);
        }
        if (!(read.get("record") instanceof ObjectNode record)) {
            throw damaged(file, sequence, "it holds no record");
        }
        return new JournalRecord(sequence, record);
    }

    private static ObjectNode parsed(Path file, byte[] line, long sequence) {
        try {
            if (Json.read(line) instanceof ObjectNode read) {
                return read;
            }
        } catch (JacksonException notJson) {
            // Its checksum is right: somebody made it so.
        }
        throw damaged(file, sequence, "it is not a record of a journal");
    }

    private static DamagedFileException damaged(Path file, long sequence, String reason) {
        return DamagedFileException.inLine(file, sequence + 1, reason);
    }

    private static byte[] digits(CRC32C sum) {
        return HexFormat.of().toHexDigits((int) sum.getValue()).getBytes(US_ASCII);
    }

    private static boolean isAt(byte[] line, int from, byte[] expected) {
        return Arrays.equals(line, from, from + expected.length, expected, 0, expected.length);
    }
}
