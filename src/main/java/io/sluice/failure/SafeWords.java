package io.sluice.failure;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider's words as they may stand in a log: of bounded length, without control characters, and without what looks
 * like a key or stands where one stands. Some servers quote the key that they refuse, or the request with its headers.
 */
final class SafeWords {

    static final int LONGEST = 2_000;
    static final int LONGEST_CODE = 100;

    private static final String HIDDEN = "[key]";

    /** How keys of providers begin (as of November 2026). */
    private static final List<String> KEY_BEGINNINGS = List.of(
            "sk-", "sk_", "rk-", "pk-", "gsk_", "xai-", "AIza", "AQ.", "ya29.", "AKIA", "ASIA", "ABSK", "hf_", "r8_",
            "eyJ", "csk-", "pplx-");

    private static final int SHORTEST_KEY = 16;
    private static final int SHORTEST_NAMED_KEY = 8;

    /** So long a row of letters and digits is a key or as little to be read as one. */
    private static final int SHORTEST_RANDOM = 32;

    /** Words of people are shorter where nothing parts them. */
    private static final int LONGEST_WORD = 20;

    private static final int LONGEST_USER = 256;

    /** What may stand between the name of a secret and the secret. */
    private static final String JOINTS = " \t\"'`:=<>([\\+";

    private final String text;
    private final StringBuilder safe;
    private int at;

    /** What the last word said about the next. */
    private SecretName name = SecretName.NONE;

    /** Whether a colon or an equals sign followed the name; else only blanks and quotes did. */
    private boolean assigned;

    private boolean equals;

    private SafeWords(String text, int most) {
        this.text = text;
        this.safe = new StringBuilder(Math.min(text.length(), most) + 16);
    }

    /** The text, fit to be shown; null for null and for blank. */
    static @Nullable String of(@Nullable String text, int most) {
        if (text == null || text.isBlank()) {
            return null;
        }
        return Scan.cut(new SafeWords(Scan.cut(text, 2 * most), most).shown(), most);
    }

    private String shown() {
        while (at < text.length()) {
            int end = wordEnd(at);
            if (end == at) {
                mark();
            } else if (isSecret(end)) {
                hide(end);
            } else {
                show(end);
            }
        }
        return safe.toString();
    }

    private void show(int end) {
        String word = text.substring(at, end);
        if (name == SecretName.AUTHORIZATION && assigned && SecretName.isScheme(word)) {
            // What follows the scheme is the secret, whatever it looks like.
            name = SecretName.SECRET;
        } else if (!(name != SecretName.NONE && SecretName.isBetween(word))) {
            name = SecretName.of(word);
            assigned = false;
            equals = false;
        }
        safe.append(word);
        at = end;
    }

    private void hide(int end) {
        safe.append(HIDDEN);
        at = keyEnd(end);
        name = SecretName.NONE;
    }

    /** Passes over what is no word: one character, or one that is written with several. */
    private void mark() {
        int end = escapeEnd();
        char c = end == at ? text.charAt(at) : escaped(end);
        if (JOINTS.indexOf(c) < 0) {
            name = SecretName.NONE;
        }
        equals |= c == '=';
        assigned |= c == '=' || c == ':';
        if (end == at) {
            safe.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? ' ' : c);
            at++;
        } else {
            safe.append(text, at, end);
            at = end;
        }
        if (c == '/' && text.startsWith("://", at - 3)) {
            user();
        }
    }

    /** {@code user:password@} of an address, which goes on until its first slash. */
    private void user() {
        int end = at;
        int user = -1;
        while (end < text.length() && end - at < LONGEST_USER && "/?#\"'<> \t\n".indexOf(text.charAt(end)) < 0) {
            user = text.charAt(end) == '@' ? end : user;
            end++;
        }
        if (user > at) {
            safe.append(HIDDEN);
            at = user;
        }
    }

    /** Where a character ends that is written as {@code %22}, {@code %2522} or {@code \u0022}; else here. */
    private int escapeEnd() {
        if (text.charAt(at) == '%') {
            int hex = at + 1;
            while (text.startsWith("25", hex) && isHex(hex + 2, 2)) {
                hex += 2;
            }
            return isHex(hex, 2) ? hex + 2 : at;
        }
        return text.startsWith("\\u", at) && isHex(at + 2, 4) ? at + 6 : at;
    }

    private char escaped(int end) {
        return (char) Integer.parseInt(text.substring(end - 2, end), 16);
    }

    private boolean isHex(int from, int digits) {
        for (int i = from; i < from + digits; i++) {
            if (i >= text.length() || Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length()
                && (Scan.word(text.charAt(end)) || text.charAt(end) == '-' || text.charAt(end) == '.')) {
            end++;
        }
        return end;
    }

    /** A key goes on over what Base64 and addresses are written with. */
    private int keyEnd(int from) {
        int end = from;
        while (end < text.length()) {
            if ("+/=~".indexOf(text.charAt(end)) >= 0) {
                end = wordEnd(end + 1);
            } else if (text.regionMatches(true, end, "%2b", 0, 3)
                    || text.regionMatches(true, end, "%2f", 0, 3)
                    || text.regionMatches(true, end, "%3d", 0, 3)) {
                end = wordEnd(end + 3);
            } else {
                return end;
            }
        }
        return end;
    }

    private boolean isSecret(int end) {
        int length = end - at;
        if (isNamed(end)) {
            return true;
        }
        if (length >= SHORTEST_KEY) {
            for (String beginning : KEY_BEGINNINGS) {
                if (text.startsWith(beginning, at)) {
                    return true;
                }
            }
        }
        return length >= SHORTEST_RANDOM && isRandom(end);
    }

    private boolean isNamed(int end) {
        int length = end - at;
        boolean longEnough = length >= SHORTEST_NAMED_KEY;
        return switch (name) {
            case NONE -> false;
            case SECRET -> assigned || isMixed(end);
            case KEY -> (assigned && longEnough) || isMixed(end);
            case WORD -> (assigned && longEnough && (equals || !isPlain(end))) || isMixed(end);
            case AUTHORIZATION -> assigned && longEnough && !SecretName.isScheme(text.substring(at, end));
            case SCHEME -> longEnough && !isPlain(end);
        };
    }

    /** Long, with letters and digits: no word that somebody wrote. */
    private boolean isMixed(int end) {
        return end - at >= SHORTEST_KEY && !isPlain(end);
    }

    /** A word, or several with underscores between them. */
    private boolean isPlain(int end) {
        boolean parted = false;
        for (int i = at; i < end; i++) {
            char c = text.charAt(i);
            parted |= !Scan.letter(c);
            if (Scan.digit(c)) {
                return false;
            }
        }
        return parted || end - at <= LONGEST_WORD;
    }

    private boolean isRandom(int end) {
        boolean digits = false;
        boolean letters = false;
        for (int i = at; i < end; i++) {
            char c = text.charAt(i);
            digits |= Scan.digit(c);
            letters |= Scan.letter(c);
            if (!Scan.digit(c) && !Scan.letter(c) && !(c == '.' && i == end - 1)) {
                return false;
            }
        }
        return digits && letters;
    }
}
