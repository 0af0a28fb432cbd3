package io.sluice.failure;

/** Looks at the characters of hostile text: each step goes forward, none goes back. */
final class Scan {

    private Scan() {}

    static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A letter or digit of ASCII, or the underscore of a name. */
    static boolean word(char c) {
        return digit(c) || letter(c) || c == '_';
    }

    static boolean letter(char c) {
        char lower = (char) (c | 0x20);
        return lower >= 'a' && lower <= 'z';
    }

    static boolean space(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\u00a0';
    }

    /** Where the digits that begin at {@code from} end; {@code from} itself where there are none. */
    static int digitsEnd(String text, int from) {
        int at = from;
        while (at < text.length() && digit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Where the blanks that begin at {@code from} end, new lines included. */
    static int spacesEnd(String text, int from) {
        int at = from;
        while (at < text.length() && space(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Digits that fit a long comfortably; -1 for anything else. */
    static long whole(String text) {
        int end = digitsEnd(text, 0);
        return end == 0 || end != text.length() || end > 18 ? -1 : Long.parseLong(text);
    }

    /** The text's beginning, not cut within a character. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
