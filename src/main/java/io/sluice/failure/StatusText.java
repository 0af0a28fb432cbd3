package io.sluice.failure;

import java.util.Locale;
import java.util.Set;

/**
 * An HTTP status that stands in words, such as {@code Error code: 429 - ...}, {@code HTTP 503} or
 * {@code 429 Too Many Requests}. A number that is not introduced as one is a number: the 429 of an id, of a count or of
 * a larger number is not found.
 */
final class StatusText {

    private static final Set<String> SAID_OF_MANY = Set.of(
            "were",
            "was",
            "are",
            "have",
            "had",
            "of",
            "in",
            "per",
            "left",
            "remaining",
            "found",
            "processed",
            "skipped",
            "sent",
            "read",
            "written",
            "deleted",
            "failed",
            "could",
            "did",
            "from",
            "with",
            "and");

    private StatusText() {}

    /** The first status of an error that the text names; 0 where it names none. */
    static int in(String text) {
        int status = leading(text);
        for (int at = 1; status == 0 && at + 3 <= text.length(); at++) {
            if (isStatus(text, at) && (introduced(text, at) || isBracketed(text, at))) {
                status = number(text, at);
            }
        }
        return status;
    }

    /** At the very beginning, before a colon, a brace or a capital, as clients write it. */
    private static int leading(String text) {
        if (!isStatus(text, 0)) {
            return 0;
        }
        int at = 3;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '-')) {
            at++;
        }
        char next = at < text.length() ? text.charAt(at) : ':';
        boolean capital = next >= 'A' && next <= 'Z';
        return next == ':' || next == '{' || (capital && !isCount(text, at)) ? number(text, 0) : 0;
    }

    /** "400 Items were skipped": a word in plural, about which something is said. */
    private static boolean isCount(String text, int from) {
        int end = lettersEnd(text, from);
        String noun = text.substring(from, end).toLowerCase(Locale.ROOT);
        boolean plural = noun.length() > 3 && noun.endsWith("s") && !noun.endsWith("ss") && !noun.endsWith("is");
        if (!plural || noun.endsWith("us") || noun.equals("requests")) {
            return false;
        }
        int next = Scan.spacesEnd(text, end);
        return SAID_OF_MANY.contains(text.substring(next, lettersEnd(text, next)));
    }

    private static int lettersEnd(String text, int from) {
        int end = from;
        while (end < text.length() && end - from < 24 && Scan.letter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The three digits of a status in use that are no part of anything longer. */
    private static boolean isStatus(String text, int at) {
        if (text.length() < at + 3 || (text.charAt(at) != '4' && text.charAt(at) != '5')) {
            return false;
        }
        if (!Scan.digit(text.charAt(at + 1))
                || !Scan.digit(text.charAt(at + 2))
                || !StatusTable.isInUse(number(text, at))) {
            return false;
        }
        if (at > 0 && (Scan.word(text.charAt(at - 1)) || "-.#/+,".indexOf(text.charAt(at - 1)) >= 0)) {
            return false;
        }
        if (at + 3 == text.length()) {
            return true;
        }
        char after = text.charAt(at + 3);
        boolean fraction = (after == '.' || after == ',') && at + 4 < text.length() && Scan.digit(text.charAt(at + 4));
        return !Scan.word(after) && after != '/' && after != '-' && !fraction;
    }

    /** {@code [429 Too Many Requests]}, as Feign and Google's JavaScript write it. */
    private static boolean isBracketed(String text, int at) {
        return text.charAt(at - 1) == '['
                && at + 5 < text.length()
                && text.charAt(at + 3) == ' '
                && text.charAt(at + 4) >= 'A'
                && text.charAt(at + 4) <= 'Z';
    }

    private static boolean introduced(String text, int at) {
        int end = at;
        while (end > 0 && at - end <= 4 && " :=('\"[".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        int start = end;
        while (start > 0 && end - start <= 12 && isName(text.charAt(start - 1))) {
            start--;
        }
        String word = text.substring(start, end).toLowerCase(Locale.ROOT);
        return switch (word) {
            case "status", "code", "http", "error", "statuscode", "status_code", "http_status", "httpstatus" -> true;
            default -> word.startsWith("http/");
        };
    }

    private static boolean isName(char c) {
        return Scan.word(c) || c == '/' || c == '.';
    }

    private static int number(String text, int at) {
        return Integer.parseInt(text.substring(at, at + 3));
    }
}
