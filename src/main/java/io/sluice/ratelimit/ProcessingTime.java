package io.sluice.ratelimit;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The header in which a provider says for how many milliseconds it worked on a call before it answered. It had counted the
 * call by then.
 *
 * @param header its name in lower case; null where none is believed
 */
record ProcessingTime(@Nullable String header) {

    private static final int LONGEST_VALUE = 32;

    static ProcessingTime of(String header) {
        return new ProcessingTime(header.strip().toLowerCase(Locale.ROOT));
    }

    /** What an answer says, in nanoseconds; zero where it says nothing that is a time. */
    long nanos(Function<? super String, ? extends @Nullable List<String>> headers) {
        List<String> values = header == null ? null : headers.apply(header);
        if (values == null || values.size() != 1 || values.get(0).length() > LONGEST_VALUE) {
            return 0;
        }
        try {
            double millis = Double.parseDouble(values.get(0).strip());
            return millis > 0 ? (long) (millis * 1e6) : 0;
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }
}
