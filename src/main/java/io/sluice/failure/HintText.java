package io.sluice.failure;

import java.util.Set;

/**
 * How long to wait, as an error's words say it: a duration behind a word that asks for patience, such as "Please try
 * again in 6m0s", "retry after 33 seconds", "wait 12 seconds" or {@code retryDelay: '34s'}. The longest of several
 * counts.
 */
final class HintText {

    /** What follows a time of day. */
    private static final Set<String> OF_A_DAY = Set.of("utc", "gmt", "z", "am", "pm");

    private HintText() {}

    /**
     * The longest wait that the text asks for.
     *
     * @param text in lower case
     * @param refused whether it is a refusal that speaks: then more words ask for patience
     * @return nanoseconds, or {@link Nanos#NONE}
     */
    static long longest(String text, boolean refused) {
        long longest = Nanos.NONE;
        for (int at = 0; at < text.length(); at++) {
            if (numberBegins(text, at) || isoBegins(text, at)) {
                longest = Math.max(longest, hint(text, at, refused));
            }
        }
        return longest;
    }

    private static boolean isoBegins(String text, int at) {
        return text.charAt(at) == 'p'
                && at + 2 < text.length()
                && (text.charAt(at + 1) == 't' || Scan.digit(text.charAt(at + 1)))
                && (at == 0 || !Scan.word(text.charAt(at - 1)));
    }

    private static boolean numberBegins(String text, int at) {
        char c = text.charAt(at);
        boolean digits = Scan.digit(c) || (c == '.' && at + 1 < text.length() && Scan.digit(text.charAt(at + 1)));
        if (!digits) {
            return false;
        }
        if (at == 0) {
            return true;
        }
        char before = text.charAt(at - 1);
        return !Scan.word(before) && before != '.' && before != '-' && before != '+' && before != ',';
    }

    private static long hint(String text, int number, boolean refused) {
        HintLead lead = HintLead.of(text, number, refused);
        if (lead == HintLead.NONE) {
            return Nanos.NONE;
        }
        DurationText duration = isTimeOfDay(text, number) ? null : DurationText.read(text, number);
        long range = RangeText.longest(text, number, duration);
        if (duration != null || range != Nanos.NONE) {
            return duration == null ? range : Math.max(range, duration.nanos());
        }
        if (lead == HintLead.WITH_UNIT || !standsAlone(text, number)) {
            return Nanos.NONE;
        }
        return unitless(text, number, lead == HintLead.OR_MILLIS ? Nanos.MILLI : Nanos.SECOND);
    }

    /** "at 12:02:15" and "12:02:15 UTC" are no durations. */
    private static boolean isTimeOfDay(String text, int number) {
        DurationText clock = ClockText.read(text, number);
        if (clock == null) {
            return false;
        }
        int zone = Scan.spacesEnd(text, clock.end());
        int end = zone;
        while (end < text.length() && end - zone < 4 && Scan.letter(text.charAt(end))) {
            end++;
        }
        return OF_A_DAY.contains(text.substring(zone, end))
                || HintLead.wordBefore(text, number).equals("at");
    }

    private static long unitless(String text, int number, long unit) {
        return DurationText.value(text, number, DurationText.numberEnd(text, number), unit);
    }

    /** A number without a unit is a duration only where nothing follows that it could be a number of. */
    private static boolean standsAlone(String text, int number) {
        int end = DurationText.numberEnd(text, number);
        if (end == number) {
            return false;
        }
        if (end == text.length()) {
            return true;
        }
        char after = text.charAt(end);
        if (after == '.') {
            return end + 1 == text.length() || !Scan.word(text.charAt(end + 1));
        }
        if (after == ',') {
            // A comma before a digit is part of a number of some other country.
            return end + 1 == text.length() || !Scan.digit(text.charAt(end + 1));
        }
        if (";)]}\"'!\n\r".indexOf(after) >= 0) {
            return true;
        }
        int next = Scan.spacesEnd(text, end);
        return next > end && (next == text.length() || ".,;)]}\"'!(|".indexOf(text.charAt(next)) >= 0);
    }
}
