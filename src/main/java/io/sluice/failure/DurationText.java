package io.sluice.failure;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one grammar of durations: numbers with units, one after another, as Go writes them ({@code 1h23m31s},
 * {@code 8.64s}, {@code 120ms}) or as people do ({@code 1 minute 30 seconds}, {@code 2 hours, 5 min}, {@code 1,000 ms}).
 * A unit is a whole word, so that {@code 120ms} is not minutes and {@code 3 sessions} is nothing. Besides, the forms that
 * machines write: {@link ClockText} and {@link IsoDuration}.
 *
 * @param nanos how long
 * @param end where it ends in the text
 */
record DurationText(long nanos, int end) {

    /** More than any real duration has; keeps a look at a long row of them short. */
    private static final int MOST_PAIRS = 8;

    private static final int LONGEST_UNIT = 12;
    private static final int MOST_DIGITS = 24;

    /** A text that is one duration and nothing else; {@link Nanos#NONE} for any other. */
    static long whole(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        DurationText read = read(lower, 0);
        return read != null && read.end == lower.length() ? read.nanos : Nanos.NONE;
    }

    /**
     * The duration that begins at {@code from}; null where there is none.
     *
     * @param text in lower case
     */
    static @Nullable DurationText read(String text, int from) {
        DurationText clock = ClockText.read(text, from);
        if (clock != null) {
            return clock;
        }
        return text.startsWith("p", from) ? IsoDuration.read(text, from) : pairs(text, from);
    }

    private static @Nullable DurationText pairs(String text, int from) {
        long sum = 0;
        int end = from;
        int next = from;
        for (int pairs = 0; pairs < MOST_PAIRS; pairs++) {
            int number = numberEnd(text, next);
            int unit = Scan.spacesEnd(text, number);
            int unitEnd = unitEnd(text, unit);
            long nanos = number > next ? unit(text, unit, unitEnd) : 0;
            if (nanos == 0) {
                return pairs == 0 || runsOn(text, end) ? null : new DurationText(sum, end);
            }
            long part = value(text, next, number, nanos);
            if (part == Nanos.NONE) {
                return null;
            }
            sum = Nanos.sum(sum, part);
            end = unitEnd;
            next = nextNumber(text, unitEnd);
        }
        return runsOn(text, end) ? null : new DurationText(sum, end);
    }

    /** A number between two places as so many of a unit; {@link Nanos#NONE} where it is none. */
    static long value(String text, int from, int end, long unit) {
        return Nanos.of(text.substring(from, end).replace(",", ""), unit);
    }

    /**
     * How many nanoseconds the unit has that follows the number which ends at {@code number}; 0 where none does.
     */
    static long unitAfter(String text, int number) {
        int unit = Scan.spacesEnd(text, number);
        return unit(text, unit, unitEnd(text, unit));
    }

    /**
     * Where the number that begins at {@code from} ends; a full stop belongs to it only before a digit, a comma only
     * where it parts thousands.
     */
    static int numberEnd(String text, int from) {
        int end = Scan.digitsEnd(text, from);
        while (end - from <= MOST_DIGITS && end > from && partsThousands(text, from, end)) {
            end += 4;
        }
        if (end < text.length() && text.charAt(end) == '.') {
            int fraction = Scan.digitsEnd(text, end + 1);
            return fraction > end + 1 ? fraction : end;
        }
        return end;
    }

    private static boolean partsThousands(String text, int from, int comma) {
        return comma < text.length()
                && text.charAt(comma) == ','
                && text.indexOf(',', from) - from <= 3
                && Scan.digitsEnd(text, comma + 1) == comma + 4;
    }

    private static int unitEnd(String text, int from) {
        int at = from;
        while (at < text.length() && at - from <= LONGEST_UNIT && (Scan.letter(text.charAt(at)) || micro(text, at))) {
            at++;
        }
        return at;
    }

    private static boolean micro(String text, int at) {
        char c = text.charAt(at);
        return c == '\u00b5' || c == '\u03bc';
    }

    /** The text goes on as a word or a number, so that what was read is only the beginning of something else. */
    static boolean runsOn(String text, int end) {
        return end < text.length() && Scan.word(text.charAt(end));
    }

    private static int nextNumber(String text, int from) {
        int at = Scan.spacesEnd(text, from);
        if (at < text.length() && text.charAt(at) == ',') {
            at = Scan.spacesEnd(text, at + 1);
        }
        return text.startsWith("and ", at) ? Scan.spacesEnd(text, at + 4) : at;
    }

    /** How many nanoseconds a unit has; 0 where it is none. */
    private static long unit(String text, int from, int end) {
        return switch (text.substring(from, end)) {
            case "ns", "nanosecond", "nanoseconds" -> 1;
            case "us", "\u00b5s", "\u03bcs", "microsecond", "microseconds" -> Nanos.MICRO;
            case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds" -> Nanos.MILLI;
            case "s", "sec", "secs", "second", "seconds" -> Nanos.SECOND;
            case "m", "min", "mins", "minute", "minutes" -> Nanos.MINUTE;
            case "h", "hr", "hrs", "hour", "hours" -> Nanos.HOUR;
            case "d", "day", "days" -> Nanos.DAY;
            case "w", "wk", "wks", "week", "weeks" -> 7 * Nanos.DAY;
            // Longer than anybody waits, however many days it has.
            case "month", "months" -> 30 * Nanos.DAY;
            default -> 0;
        };
    }
}
