package io.sluice.batch;

import io.sluice.support.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a file of results holds when a batch is taken up again. */
final class EarlierResults {

    private static final int ANSWERED = 1;
    private static final int FAILED = 2;

    /** As long as a result can become: an answer of 32 MiB, written as JSON. */
    private static final int MAX_RESULT = 256 << 20;

    private static final int NAMED_LINES = 10;
    private static final byte[] BEGINNING = "{\"id\":".getBytes(StandardCharsets.UTF_8);

    private final FingerprintTable done = new FingerprintTable();
    private final List<Long> unreadable = new ArrayList<>();
    private long answered;
    private long failed;
    private long unreadableLines;
    private long end;
    private boolean lacksBreak;

    /** Is told of each line that is kept. */
    interface Keeper {
        /**
         * @param line its bytes, without the line break
         */
        void keep(byte[] line) throws IOException;
    }

    /**
     * Reads all results.
     *
     * @param dropErrors whether results that are errors shall be as if they were not there
     * @param keeper told of all lines but those errors and a torn last line
     */
    static EarlierResults read(InputStream in, boolean dropErrors, Keeper keeper) throws IOException {
        EarlierResults results = new EarlierResults();
        LineReader reader = new LineReader(in, MAX_RESULT);
        for (BatchLine line = reader.next(); line != null; line = reader.next()) {
            byte[] bytes = line.bytes();
            JsonNode result = bytes == null ? null : parse(bytes);
            boolean whole = reader.endsWithBreak();
            if (result == null && !whole && bytes != null && beginsLikeAResult(bytes)) {
                break;
            }
            results.lacksBreak = !whole;
            results.end = reader.position();
            boolean dropped = results.add(line.number(), result, dropErrors);
            if (!dropped && bytes != null) {
                keeper.keep(bytes);
            }
        }
        return results;
    }

    /** What every result begins with, as far as it was written. Other things are not ours to cut off. */
    private static boolean beginsLikeAResult(byte[] line) {
        for (int i = 0; i < Math.min(line.length, BEGINNING.length); i++) {
            if (line[i] != BEGINNING[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is content, and none of it a result. */
    boolean isForeign() {
        return unreadableLines > 0 && answered + failed == 0;
    }

    /** Whether it is left out. */
    private boolean add(long line, @Nullable JsonNode result, boolean dropErrors) {
        Fingerprint fingerprint = result == null ? null : fingerprint(result);
        if (result == null || fingerprint == null) {
            unreadableLines++;
            if (unreadable.size() < NAMED_LINES) {
                unreadable.add(line);
            }
            return false;
        }
        boolean isError = result.path("error").isObject();
        if (isError && dropErrors) {
            return true;
        }
        if (isError) {
            failed++;
        } else {
            answered++;
        }
        if (done.get(fingerprint) != ANSWERED) {
            done.put(fingerprint, isError ? FAILED : ANSWERED);
        }
        return false;
    }

    private static @Nullable JsonNode parse(byte[] line) {
        try {
            JsonNode json = Json.read(line);
            return json.isObject() ? json : null;
        } catch (JacksonException torn) {
            return null;
        }
    }

    private static @Nullable Fingerprint fingerprint(JsonNode result) {
        JsonNode id = result.path("id");
        JsonNode hash = result.path("hash");
        JsonNode error = result.path("error");
        JsonNode response = result.path("response");
        int occurrence = result.path("occurrence").asInt(1);
        if (!id.isString() || !(error.isObject() || response.isObject()) || occurrence < 1) {
            return null;
        }
        Fingerprint first =
                hash.isString() ? Fingerprint.parse(hash.stringValue()) : Fingerprint.ofId(id.stringValue());
        return first == null ? null : first.occurrence(occurrence);
    }

    boolean isDone(Fingerprint fingerprint) {
        return done.get(fingerprint) != 0;
    }

    boolean isFailed(Fingerprint fingerprint) {
        return done.get(fingerprint) == FAILED;
    }

    /** Results that are answers. */
    long answered() {
        return answered;
    }

    /** Results that are errors, and were kept. */
    long failed() {
        return failed;
    }

    /** How many lines are no results; they stay, and what they may have been about is done again. */
    long unreadableLines() {
        return unreadableLines;
    }

    /** The numbers of the first of those lines. */
    List<Long> unreadable() {
        return unreadable;
    }

    /** Where the last whole line ends; what follows is a line that was being written when its program ended. */
    long end() {
        return end;
    }

    /** Whether the last whole line has no line break yet. */
    boolean lacksBreak() {
        return lacksBreak;
    }
}
