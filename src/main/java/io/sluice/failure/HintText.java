package io.sluice.failure;

import java.util.Set;

/**
 * How long to wait, as an error's words say it: a duration behind a word that asks for patience, such as "Please try
 * again in 6m0s", "retry after 33 seconds", "wait 12 seconds" or {@code retryDelay: '34s'}. The longest of several
 * counts.
 */
final class HintText {

    /** Words that may stand between the asking word and the duration. */
    private static final Set<String> BETWEEN = Set.of(
            "in", "after", "within", "at", "least", "for", "about", "approximately", "around", "another", "is", "of");

    /** Those of them that say when, and not how much. */
    private static final Set<String> COMING = Set.of("in", "after", "within");

    /** Words that ask to wait, however the duration follows. A number without a unit behind one of them is seconds. */
    private static final Set<String> ASKING = Set.of(
            "retry",
            "retrying",
            "again",
            "wait",
            "waiting",
            "retry-after",
            "retry_after",
            "retryafter",
            "retry_after_seconds",
            "retry-delay",
            "retry_delay",
            "retrydelay",
            "quotaresetdelay");

    /** Those of them that need "after" or "in" before a number without a unit. */
    private static final Set<String> BARE_WORDS = Set.of("retry", "retrying", "again");

    /** Words that ask to wait for milliseconds. */
    private static final Set<String> ASKING_MS = Set.of("retry-after-ms", "retry_after_ms", "retry_delay_ms");

    /** Words that say when something is there again, if "in" or "after" follows. */
    private static final Set<String> RETURNING = Set.of(
            "reset",
            "resets",
            "available",
            "back",
            "refill",
            "refills",
            "refilled",
            "renew",
            "renews",
            "renewed",
            "refresh",
            "refreshes",
            "refreshed",
            "replenish",
            "replenishes",
            "replenished",
            "restored",
            "resume",
            "resumes");

    /**
     * Words that say the same where it is a refusal that speaks. A list of what is meant and not of what is not: "50
     * images in 3 hours" is a limit, "timed out after 60 seconds" a time-out, and there is no end of such things.
     */
    private static final Set<String> RENEWING = Set.of(
            "try",
            "come",
            "comes",
            "later",
            "continue",
            "lifted",
            "unblocked",
            "expires",
            "ends",
            "clears",
            "cleared",
            "returns",
            "ready",
            "free");

    /** What a number behind some words is. */
    private enum Lead {
        /** Not a hint. */
        NONE,
        /** A hint, if it has a unit. */
        WITH_UNIT,
        /** A hint, in seconds where it has no unit. */
        OR_SECONDS,
        /** A hint, in milliseconds where it has no unit. */
        OR_MILLIS
    }

    private static final int MOST_BETWEEN = 4;
    private static final int LONGEST_WORD = 24;

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
        Lead lead = lead(text, number, refused);
        if (lead == Lead.NONE) {
            return Nanos.NONE;
        }
        DurationText duration = isTimeOfDay(text, number) ? null : DurationText.read(text, number);
        long range = RangeText.longest(text, number, duration);
        if (duration != null || range != Nanos.NONE) {
            return duration == null ? range : Math.max(range, duration.nanos());
        }
        if (lead == Lead.WITH_UNIT || !standsAlone(text, number)) {
            return Nanos.NONE;
        }
        return unitless(text, number, lead == Lead.OR_MILLIS ? Nanos.MILLI : Nanos.SECOND);
    }

    /** "at 12:02:15" is no duration. */
    private static boolean isTimeOfDay(String text, int number) {
        int end = gapStart(text, number);
        int digits = Scan.digitsEnd(text, number);
        return digits < text.length()
                && text.charAt(digits) == ':'
                && text.substring(wordStart(text, end), end).equals("at");
    }

    /** What the words before a number make of it. */
    private static Lead lead(String text, int number, boolean refused) {
        boolean comes = false;
        int at = number;
        for (int words = 0; words <= MOST_BETWEEN; words++) {
            int end = gapStart(text, at);
            int start = wordStart(text, end);
            String word = text.substring(start, end);
            if (ASKING.contains(word)) {
                // "max retry 3" counts attempts.
                return words == 0 && BARE_WORDS.contains(word) ? Lead.WITH_UNIT : Lead.OR_SECONDS;
            }
            if (ASKING_MS.contains(word)) {
                return Lead.OR_MILLIS;
            }
            if (!BETWEEN.contains(word)) {
                boolean said = RETURNING.contains(word) || (refused && RENEWING.contains(word));
                return comes && said ? Lead.WITH_UNIT : Lead.NONE;
            }
            comes |= COMING.contains(word);
            at = start;
        }
        return Lead.NONE;
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

    /** Where the word before {@code at} ends. */
    private static int gapStart(String text, int at) {
        int end = at;
        while (end > 0
                && at - end <= 6
                && (Scan.space(text.charAt(end - 1)) || ":=\"'`(~".indexOf(text.charAt(end - 1)) >= 0)) {
            end--;
        }
        return end;
    }

    private static int wordStart(String text, int end) {
        int start = end;
        while (start > 0
                && end - start <= LONGEST_WORD
                && (Scan.word(text.charAt(start - 1)) || text.charAt(start - 1) == '-')) {
            start--;
        }
        return start;
    }
}
