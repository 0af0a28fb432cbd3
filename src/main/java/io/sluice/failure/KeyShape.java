package io.sluice.failure;

import java.util.List;

/** What a word looks like: a key, wherever it stands, or something that a person wrote. */
final class KeyShape {

    /** How keys of providers begin (as of November 2026). */
    private static final List<String> BEGINNINGS = List.of(
            "sk-", "sk_", "rk-", "pk-", "gsk_", "xai-", "AIza", "AQ.", "ya29.", "AKIA", "ASIA", "ABSK", "hf_", "r8_",
            "eyJ", "csk-", "pplx-");

    private static final int SHORTEST_KEY = 16;

    /** So long a row of letters and digits is a key or as little to be read as one. */
    private static final int SHORTEST_RANDOM = 32;

    /** Words of people are shorter where nothing parts them. */
    private static final int LONGEST_WORD = 20;

    private KeyShape() {}

    /** Whether it is a key by itself, whatever stands around it. */
    static boolean isKey(String text, int from, int end) {
        if (end - from >= SHORTEST_KEY) {
            for (String beginning : BEGINNINGS) {
                if (text.startsWith(beginning, from)) {
                    return true;
                }
            }
        }
        return end - from >= SHORTEST_RANDOM && isRandom(text, from, end);
    }

    /** Long, with digits, or longer than any word: a key, if a key is spoken of. */
    static boolean isMixed(String text, int from, int end) {
        return end - from >= SHORTEST_KEY && !isPlain(text, from, end);
    }

    /** A word, or several with underscores between them. */
    static boolean isPlain(String text, int from, int end) {
        boolean parted = false;
        for (int at = from; at < end; at++) {
            char c = text.charAt(at);
            parted |= !Scan.letter(c);
            if (Scan.digit(c)) {
                return false;
            }
        }
        return parted || end - from <= LONGEST_WORD;
    }

    private static boolean isRandom(String text, int from, int end) {
        boolean digits = false;
        boolean letters = false;
        for (int at = from; at < end; at++) {
            char c = text.charAt(at);
            digits |= Scan.digit(c);
            letters |= Scan.letter(c);
            if (!Scan.digit(c) && !Scan.letter(c) && !(c == '.' && at == end - 1)) {
                return false;
            }
        }
        return digits && letters;
    }
}
