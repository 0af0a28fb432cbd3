package io.sluice.loopcheck;

import java.util.ArrayList;
import java.util.List;

/** What is asked of short texts so often that a regular expression for each would cost most of the time. */
final class Letters {

    private Letters() {}

    /** Whether a text is a whole number of at most so many digits, without a sign. */
    static boolean isNumber(String text, int mostDigits) {
        if (text.isEmpty() || text.length() > mostDigits) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** The same with a minus before it, or without. */
    static boolean isSignedNumber(String text, int mostDigits) {
        return isNumber(text.startsWith("-") ? text.substring(1) : text, mostDigits);
    }

    /** Whether a text is one zero or several. */
    static boolean isZero(String text) {
        return isNumber(text, Integer.MAX_VALUE) && text.chars().allMatch(letter -> letter == '0');
    }

    /** What stands before the first of some letters; all of it where there is none. */
    static String before(String text, String ends) {
        int end = 0;
        while (end < text.length() && ends.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, end);
    }

    /** A text without all of some letters at its end. */
    static String withoutTail(String text, String letters) {
        int end = text.length();
        while (end > 0 && letters.indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(0, end);
    }

    /** The pieces between white space, without empty ones. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || Character.isWhitespace(text.charAt(i))) {
                if (i > from) {
                    words.add(text.substring(from, i));
                }
                from = i + 1;
            }
        }
        return words;
    }
}
