package io.sluice.failure;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A provider's words as they may stand in a log: of bounded length, without control characters, and without what looks
 * like a key. Some servers quote the key that they refuse.
 */
final class SafeWords {

    static final int LONGEST = 2_000;
    static final int LONGEST_CODE = 100;

    private static final String HIDDEN = "[key]";

    /** How keys of providers begin (as of November 2026). */
    private static final List<String> KEY_BEGINNINGS = List.of(
            "sk-", "sk_", "rk-", "pk-", "gsk_", "xai-", "AIza", "AQ.", "ya29.", "AKIA", "ASIA", "ABSK", "hf_", "r8_",
            "eyJ", "csk-", "pplx-");

    /** After which a key follows, whatever it looks like. */
    private static final List<String> KEY_NAMES =
            List.of("bearer ", "key=", "api_key=", "apikey=", "token=", "api-key: ", "api_key: ", "authorization: ");

    private static final int SHORTEST_KEY = 16;
    private static final int SHORTEST_NAMED_KEY = 8;

    /** So long a row of letters and digits is a key or as little to be read as one. */
    private static final int SHORTEST_RANDOM = 32;

    private SafeWords() {}

    /** The text, fit to be shown; null for null and for blank. */
    static @Nullable String of(@Nullable String text, int most) {
        if (text == null || text.isBlank()) {
            return null;
        }
        String some = Scan.cut(text, 2 * most);
        StringBuilder safe = new StringBuilder(Math.min(some.length(), most) + 16);
        int at = 0;
        while (at < some.length()) {
            int end = tokenEnd(some, at);
            if (end == at) {
                char c = some.charAt(at++);
                safe.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? ' ' : c);
            } else if (isKey(some, at, end)) {
                safe.append(HIDDEN);
                at = keyEnd(some, end);
            } else {
                safe.append(some, at, end);
                at = end;
            }
        }
        return Scan.cut(safe.toString(), most);
    }

    private static int tokenEnd(String text, int from) {
        int at = from;
        while (at < text.length() && (Scan.word(text.charAt(at)) || text.charAt(at) == '-' || text.charAt(at) == '.')) {
            at++;
        }
        return at;
    }

    /** A key goes on over what Base64 and addresses are written with. */
    private static int keyEnd(String text, int from) {
        int at = from;
        while (at < text.length() && "+/=~%".indexOf(text.charAt(at)) >= 0) {
            at = tokenEnd(text, at + 1);
        }
        return at;
    }

    private static boolean isKey(String text, int from, int end) {
        int length = end - from;
        if (length >= SHORTEST_NAMED_KEY) {
            String before = text.substring(Math.max(0, from - 16), from).toLowerCase(Locale.ROOT);
            for (String name : KEY_NAMES) {
                if (before.endsWith(name)) {
                    return true;
                }
            }
        }
        if (length >= SHORTEST_KEY) {
            for (String beginning : KEY_BEGINNINGS) {
                if (text.startsWith(beginning, from)) {
                    return true;
                }
            }
        }
        return length >= SHORTEST_RANDOM && isRandom(text, from, end);
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
