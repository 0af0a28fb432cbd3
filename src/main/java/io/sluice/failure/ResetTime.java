package io.sluice.failure;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A time of day in a place, at which an allowance is back, as Claude Code writes it: {@code resets 8:20pm
 * (Asia/Singapore)}, {@code resets Nov 25, 5pm (Europe/Berlin)} (seen until November 2026). Without a day the next such
 * time is meant, without a place nobody knows when it is.
 */
final class ResetTime {

    private static final String RESETS = "resets ";

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final int LONGEST_PLACE = 40;

    /** So many minutes after it a time of day is not that of tomorrow yet: it is cut to the minute, and words travel. */
    private static final int JUST_NOW = 5;

    private final String text;
    private int at;

    private ResetTime(String text, int at) {
        this.text = text;
        this.at = at;
    }

    /** How long until then; {@link Nanos#NONE} where the text does not say. */
    static long until(String text, Instant now) {
        for (int at = 0; at + RESETS.length() < text.length(); at++) {
            boolean begins =
                    (text.charAt(at) | 0x20) == 'r' && text.regionMatches(true, at, RESETS, 0, RESETS.length());
            if (begins && (at == 0 || !Scan.word(text.charAt(at - 1)))) {
                return new ResetTime(text, at + RESETS.length()).until(now);
            }
        }
        return Nanos.NONE;
    }

    private long until(Instant now) {
        MonthDay day = day();
        LocalTime time = time();
        ZoneId place = time == null ? null : place();
        if (time == null || place == null) {
            return Nanos.NONE;
        }
        try {
            ZonedDateTime here = now.atZone(place);
            ZonedDateTime then = here.with(time);
            if (day == null) {
                boolean justNow =
                        then.isBefore(here) && !then.plusMinutes(JUST_NOW).isBefore(here);
                ZonedDateTime next = then.isBefore(here) ? then.plusDays(1) : then;
                return justNow ? 0 : Nanos.between(now, next.toInstant());
            }
            // A day that has just passed is meant as such; one of last winter is one of the next.
            then = then.with(day.atYear(here.getYear()));
            return Nanos.between(now, (then.isBefore(here.minusMonths(6)) ? then.plusYears(1) : then).toInstant());
        } catch (DateTimeException | ArithmeticException noSuchTime) {
            return Nanos.NONE;
        }
    }

    /** {@code Nov 25,} and {@code Nov 25 at}; null where no month stands here. */
    private @Nullable MonthDay day() {
        int end = wordEnd();
        String word = text.substring(at, end).toLowerCase(Locale.ROOT);
        int month = word.length() < 3 ? -1 : MONTHS.indexOf(word.substring(0, 3));
        if (month < 0) {
            return null;
        }
        at = Scan.spacesEnd(text, end);
        long day = number();
        if (text.startsWith(",", at)) {
            at++;
        }
        at = Scan.spacesEnd(text, at);
        if (text.startsWith("at ", at)) {
            at += 3;
        }
        try {
            return MonthDay.of(month + 1, (int) day);
        } catch (DateTimeException noSuchDay) {
            return null;
        }
    }

    /** {@code 5pm} and {@code 8:20 am}; null where none stands here. */
    private @Nullable LocalTime time() {
        long hour = number();
        long minute = 0;
        if (text.startsWith(":", at)) {
            at++;
            minute = number();
        }
        at = Scan.spacesEnd(text, at);
        String half = text.substring(at, wordEnd()).toLowerCase(Locale.ROOT);
        if (hour < 1 || hour > 12 || minute < 0 || minute > 59 || !(half.equals("am") || half.equals("pm"))) {
            return null;
        }
        at += 2;
        return LocalTime.of((int) hour % 12 + (half.equals("pm") ? 12 : 0), (int) minute);
    }

    private @Nullable ZoneId place() {
        int open = Scan.spacesEnd(text, at);
        int end = text.indexOf(')', open);
        if (!text.startsWith("(", open) || end < 0 || end - open > LONGEST_PLACE) {
            return null;
        }
        String name = text.substring(open + 1, end);
        return Attempted.<ZoneId>orNull(() -> ZoneId.of(name));
    }

    /** Up to two digits; -1 for anything else. */
    private long number() {
        int end = Scan.digitsEnd(text, at);
        long number = end - at <= 2 ? Scan.whole(text.substring(at, end)) : -1;
        at = end;
        return number;
    }

    private int wordEnd() {
        int end = at;
        while (end < text.length() && end - at < 12 && Scan.letter(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
