package io.sluice.failure;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Dates of HTTP in their three forms (RFC 9110 section 5.6.7): {@code Sun, 06 Nov 1994 08:49:37 GMT},
 * {@code Sunday, 06-Nov-94 08:49:37 GMT} and {@code Sun Nov  6 08:49:37 1994}. The name of the day is not looked at.
 */
final class HttpDate {

    private static final int LONGEST = 64;

    /** What years of two digits are near to where nobody knows the time. */
    private static final int WRITTEN_IN = 2026;

    private static final long SECONDS_OF_A_YEAR = 31_556_952;

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private HttpDate() {}

    /**
     * The instant; null where the text is not a date.
     *
     * @param now what a year of two digits is near to, at most 50 years ahead; null where it is not known
     */
    static @Nullable Instant parse(String text, @Nullable Instant now) {
        if (text.length() > LONGEST) {
            return null;
        }
        String[] part = text.strip().toLowerCase(Locale.ROOT).split("[ ,]+", 7);
        if (part.length == 5) {
            return at(year(part[4], now), part[1], part[2], part[3]);
        }
        if (part.length == 6 && isUtc(part[5])) {
            return at(year(part[3], now), part[2], part[1], part[4]);
        }
        String[] date = part.length == 4 && isUtc(part[3]) ? part[1].split("-", 4) : part;
        return date.length == 3 ? at(year(date[2], now), date[1], date[0], part[2]) : null;
    }

    private static @Nullable Instant at(int year, String monthName, String day, String time) {
        int month = MONTHS.indexOf(monthName) + 1;
        String[] clock = time.split(":", 4);
        if (year < 0 || month == 0 || clock.length != 3) {
            return null;
        }
        try {
            // A leap second is the end of the second before it.
            return LocalDateTime.of(
                            year,
                            month,
                            twoDigits(day),
                            twoDigits(clock[0]),
                            twoDigits(clock[1]),
                            clock[2].equals("60") ? 59 : twoDigits(clock[2]))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException notADate) {
            return null;
        }
    }

    private static boolean isUtc(String zone) {
        return zone.equals("gmt") || zone.equals("utc");
    }

    private static int year(String text, @Nullable Instant now) {
        int year = (int) Scan.whole(text);
        if (text.length() == 4) {
            return year;
        }
        if (text.length() != 2 || year < 0) {
            return -1;
        }
        int thisYear = now == null ? WRITTEN_IN : yearOf(now);
        int near = thisYear - Math.floorMod(thisYear, 100) + year;
        if (near > thisYear + 50) {
            return near - 100;
        }
        return near < thisYear - 49 ? near + 100 : near;
    }

    /** The year to within a day, which is near enough; instants may lie where there are no years any more. */
    private static int yearOf(Instant now) {
        return (int) Math.min(9_999, Math.max(0, 1_970 + now.getEpochSecond() / SECONDS_OF_A_YEAR));
    }

    /** A number of one or two digits; -1, which no part of a date can be, for anything else. */
    private static int twoDigits(String text) {
        return text.length() > 2 ? -1 : (int) Scan.whole(text);
    }
}
