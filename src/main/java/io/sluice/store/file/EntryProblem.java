package io.sluice.store.file;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Something in one entry of a file that a person should look at. The rest of the file is read all the same, and the
 * entry stays as it is when the file is written again, unless it is the one that is saved.
 *
 * @param file the file
 * @param index which entry, counted from 0
 * @param field which of its keys, or null where the whole entry is meant
 * @param value what stands there, as JSON; null where nothing does
 * @param advice what is wrong and what to do about it
 */
public record EntryProblem(
        Path file,
        int index,
        @Nullable String field,
        @Nullable String value,
        String advice) {

    /** On one line, without the file: {@code entry 3: rpm_limit is "10": write a whole number, without quotes}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("entry ").append(index).append(": ");
        if (field != null) {
            text.append(field)
                    .append(value == null ? " is missing" : " is " + value)
                    .append(": ");
        } else if (value != null) {
            text.append(value).append(": ");
        }
        return text.append(advice).toString();
    }
}
