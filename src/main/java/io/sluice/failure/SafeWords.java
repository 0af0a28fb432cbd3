package io.sluice.failure;

import org.jspecify.annotations.Nullable;

/**
 * A provider's words as they may stand in a log: of bounded length, without control characters, and without what looks
 * like a key or stands where one stands. Some servers quote the key that they refuse, or the request with its headers.
 */
final class SafeWords {

    static final int LONGEST = 2_000;
    static final int LONGEST_CODE = 100;

    private static final String HIDDEN = "[key]";

    private static final int SHORTEST_NAMED_KEY = 8;
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

    /** Where a character ends that is written as {@code %22}, {@code %2522} or as JSON escapes it; else here. */
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
        if (at > 0 && text.startsWith(HIDDEN, at - 1)) {
            // Hidden already.
            return false;
        }
        return isNamed(end) || KeyShape.isKey(text, at, end);
    }

    private boolean isNamed(int end) {
        boolean longEnough = end - at >= SHORTEST_NAMED_KEY;
        boolean mixed = KeyShape.isMixed(text, at, end);
        boolean plain = KeyShape.isPlain(text, at, end);
        return switch (name) {
            case NONE -> false;
            case SECRET -> assigned || mixed;
            case KEY -> (assigned && longEnough) || mixed;
            case WORD -> (assigned && longEnough && (equals || !plain)) || mixed;
            case AUTHORIZATION -> assigned && longEnough && !SecretName.isScheme(text.substring(at, end));
            case SCHEME -> longEnough && !plain;
        };
    }
}
