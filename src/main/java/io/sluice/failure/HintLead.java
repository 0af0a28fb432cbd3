package io.sluice.failure;

import java.util.Set;

/** What a number is by the words that lead to it. */
enum HintLead {
    /** Not a hint. */
    NONE,
    /** A hint, if it has a unit. */
    WITH_UNIT,
    /** A hint, in seconds where it has no unit. */
    OR_SECONDS,
    /** A hint, in milliseconds where it has no unit. */
    OR_MILLIS;

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

    private static final int MOST_BETWEEN = 4;
    private static final int LONGEST_WORD = 24;

    /**
     * What the words before a number make of it.
     *
     * @param text in lower case
     * @param number where the number begins
     * @param refused whether it is a refusal that speaks: then more words ask for patience
     */
    static HintLead of(String text, int number, boolean refused) {
        boolean comes = false;
        int at = number;
        for (int words = 0; words <= MOST_BETWEEN; words++) {
            int end = gapStart(text, at);
            int start = wordStart(text, end);
            String word = text.substring(start, end);
            if (ASKING.contains(word)) {
                // "max retry 3" counts attempts.
                return words == 0 && BARE_WORDS.contains(word) ? WITH_UNIT : OR_SECONDS;
            }
            if (ASKING_MS.contains(word)) {
                return OR_MILLIS;
            }
            if (!BETWEEN.contains(word)) {
                boolean said = RETURNING.contains(word) || (refused && RENEWING.contains(word));
                return comes && said ? WITH_UNIT : NONE;
            }
            comes |= COMING.contains(word);
            at = start;
        }
        return NONE;
    }

    /** The word before a place, without the blanks and marks between; empty where there is none. */
    static String wordBefore(String text, int at) {
        int end = gapStart(text, at);
        return text.substring(wordStart(text, end), end);
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
