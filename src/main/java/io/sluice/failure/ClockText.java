package io.sluice.failure;

import org.jspecify.annotations.Nullable;

/**
 * A duration as on a stop-watch: hours, minutes and seconds, {@code 00:02:15}, with days before them and fractions behind
 * as .NET writes them, {@code 2.01:02:15.5000000} (Azure API Management). Two parts alone are a time of day.
 */
final class ClockText {

    private static final int MOST_HOURS = 4;

    private ClockText() {}

    /** The duration that begins at {@code from}; null where there is none. */
    static @Nullable DurationText read(String text, int from) {
        int first = Scan.digitsEnd(text, from);
        if (first == from || first - from > MOST_HOURS || first == text.length()) {
            return null;
        }
        if (text.charAt(first) != '.') {
            return clock(text, from, first, 0);
        }
        int hours = Scan.digitsEnd(text, first + 1);
        long days = Nanos.of(text.substring(from, first), Nanos.DAY);
        return hours - first == 3 ? clock(text, first + 1, hours, days) : null;
    }

    private static @Nullable DurationText clock(String text, int hours, int end, long days) {
        long minutes = part(text, end);
        long seconds = part(text, end + 3);
        if (minutes < 0 || seconds < 0) {
            return null;
        }
        int wholeEnd = end + 6;
        int last = DurationText.numberEnd(text, end + 4);
        last = last > wholeEnd && text.charAt(wholeEnd) == '.' ? last : wholeEnd;
        boolean goesOn = last < text.length() && (Scan.word(text.charAt(last)) || text.charAt(last) == ':');
        long fraction = Nanos.of(text.substring(end + 4, last), Nanos.SECOND);
        if (goesOn || fraction == Nanos.NONE) {
            return null;
        }
        long nanos = Nanos.of(text.substring(hours, end), Nanos.HOUR) + minutes * Nanos.MINUTE + fraction;
        return new DurationText(Nanos.sum(days, nanos), last);
    }

    /** A colon and two digits below 60; -1 for anything else. */
    private static long part(String text, int colon) {
        boolean there =
                colon + 2 < text.length() && text.charAt(colon) == ':' && Scan.digitsEnd(text, colon + 1) >= colon + 3;
        long value = there ? Scan.whole(text.substring(colon + 1, colon + 3)) : -1;
        return value < 60 ? value : -1;
    }
}
