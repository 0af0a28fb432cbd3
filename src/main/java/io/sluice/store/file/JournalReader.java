package io.sluice.store.file;

import io.sluice.support.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Reads a journal from its beginning. Takes no lock and creates nothing; holds one record at a time. */
final class JournalReader {

    /** The largest record, in bytes of JSON. */
    static final int MAX_RECORD = 16 << 20;

    private static final String FORMAT = "sluice-journal";
    private static final int VERSION = 1;
    private static final int MAX_LINE = MAX_RECORD + 128;

    private final Path file;
    private final String kind;
    private final Consumer<? super JournalRecord> reader;

    /** The bytes of the line that is being read. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private long lines;
    private long whole;

    JournalReader(Path file, String kind, Consumer<? super JournalRecord> reader) {
        this.file = file;
        this.kind = kind;
        this.reader = reader;
    }

    /** What stands in front of all records. */
    static byte[] header(String kind) {
        return Json.compact(Json.mapper()
                        .createObjectNode()
                        .put("format", FORMAT)
                        .put("version", VERSION)
                        .put("kind", kind))
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads all of it, handing on each record in its order.
     *
     * @throws DamagedFileException if it is damaged elsewhere than at its end, or is no journal of this kind
     */
    JournalReplay read() throws IOException {
        try (InputStream from = Files.newInputStream(file)) {
            byte[] some = new byte[1 << 16];
            for (int count = from.read(some); count >= 0; count = from.read(some)) {
                accept(some, count);
            }
        } catch (NoSuchFileException absent) {
            return JournalReplay.NOTHING;
        }
        if (lines == 0) {
            // The header is there before the file is: no writer that ended leaves it like this.
            throw DamagedFileException.inLine(file, 1, "it does not begin as a journal");
        }
        return new JournalReplay(lines - 1, whole, line.size());
    }

    private void accept(byte[] some, int count) {
        int from = 0;
        for (int at = 0; at < count; at++) {
            if (some[at] == '\n') {
                line.write(some, from, at - from);
                whole += line.size() + 1L;
                take(JournalLine.read(file, line.toByteArray(), lines));
                line.reset();
                from = at + 1;
            }
        }
        line.write(some, from, count - from);
        if (line.size() > MAX_LINE) {
            throw DamagedFileException.inLine(file, lines + 1, "it is longer than any record");
        }
    }

    private void take(JournalRecord record) {
        if (lines++ > 0) {
            reader.accept(record);
            return;
        }
        JsonNode header = record.content();
        if (!FORMAT.equals(header.path("format").stringValue(""))) {
            throw DamagedFileException.inLine(file, 1, "it does not begin as a journal");
        }
        if (header.path("version").intValue(0) != VERSION) {
            throw DamagedFileException.notFor(file, kind, "the journal of another version of this program");
        }
        String found = header.path("kind").stringValue("");
        if (!kind.equals(found)) {
            throw DamagedFileException.notFor(file, kind, "the journal of " + found);
        }
    }
}
