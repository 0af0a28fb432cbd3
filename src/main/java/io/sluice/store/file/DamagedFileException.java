package io.sluice.store.file;

import io.sluice.FailureClass;
import io.sluice.SluiceException;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * A file is not what it should be as a whole, or is another program's, so that nothing in it can be trusted. It is left
 * exactly as it is.
 */
public final class DamagedFileException extends SluiceException {

    private final Path path;
    private final int line;
    private final int column;

    private DamagedFileException(Path path, int line, int column, String message) {
        super(message, null, FailureClass.CALLER, null, false);
        this.path = path;
        this.line = line;
        this.column = column;
    }

    static DamagedFileException notJson(Path path, JacksonException reason) {
        TokenStreamLocation at = reason.getLocation();
        return at(
                path,
                at == null ? 1 : Math.max(1, at.getLineNr()),
                at == null ? 1 : Math.max(1, at.getColumnNr()),
                words(reason));
    }

    static DamagedFileException notAnArray(Path path, JsonNode found) {
        return at(path, 1, 1, "expected an array of profiles, found " + kind(found));
    }

    static DamagedFileException notAnObject(Path path, JsonNode found) {
        return at(path, 1, 1, "expected an object with the states of models, found " + kind(found));
    }

    static DamagedFileException noStates(Path path, JsonNode found) {
        return at(path, 1, 1, "expected an array under \"models\", found " + kind(found));
    }

    /** Whole, but what it says is not for this program, or for none as old as this one. */
    static DamagedFileException ofAnother(Path path, String whose) {
        return new DamagedFileException(
                path,
                1,
                1,
                path + " is the state file of " + whose
                        + ", and cannot be used here. Nothing was changed; move it away to start anew.");
    }

    /** What is written in a line makes no sense. */
    static DamagedFileException inLine(Path path, long line, String reason) {
        return at(path, (int) Math.min(line, Integer.MAX_VALUE), 1, reason);
    }

    /** Whole, but written for something else. */
    static DamagedFileException notFor(Path path, String purpose, String found) {
        return new DamagedFileException(
                path,
                1,
                1,
                path + " is " + found + ", and cannot be used for " + purpose
                        + ". Nothing was changed; move it away to start anew.");
    }

    private static DamagedFileException at(Path path, int line, int column, String reason) {
        return new DamagedFileException(
                path,
                line,
                column,
                path + " is damaged at line " + line + ", column " + column + ": " + reason
                        + ". Nothing was changed; repair the file, or move it away to start anew.");
    }

    private static String kind(JsonNode node) {
        return node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    /** The parser's words, where they are meant for the person whose file it is and not for a programmer. */
    private static String words(JacksonException reason) {
        if (reason instanceof MismatchedInputException) {
            return "there is more after its end";
        }
        String words = reason.getOriginalMessage().lines().findFirst().orElse("it is not JSON");
        return words.startsWith("Unexpected end-of-input")
                ? "it ends too early"
                : words.replaceFirst(": enable `.*", "");
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** The line at which it stops making sense; the first is 1. */
    public int line() {
        return line;
    }

    /** The column at which it stops making sense; the first is 1. */
    public int column() {
        return column;
    }
}
