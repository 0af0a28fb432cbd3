package io.sluice.failure;

/**
 * What an error's words say about numbers: {@code Limit 30000, Requested 80715} never fits, and {@code limit: 0} fits
 * nothing, whatever hint stands beside it.
 */
final class LimitNumbers {

    private LimitNumbers() {}

    /**
     * Whether the text says that the request can never fit.
     *
     * @param text in lower case
     */
    static boolean neverFits(String text) {
        double limit = -1;
        for (int at = 0; at < text.length(); at++) {
            boolean wordStart = at == 0 || !Scan.word(text.charAt(at - 1));
            if (!wordStart) {
                continue;
            }
            if (text.startsWith("limit", at)) {
                int number = numberAt(text, at + "limit".length());
                if (number >= 0) {
                    limit = number(text, number);
                    if (limit == 0 && endsThere(text, number)) {
                        return true;
                    }
                }
            } else if (text.startsWith("requested", at) && limit >= 0) {
                int number = numberAt(text, at + "requested".length());
                if (number >= 0 && number(text, number) > limit) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Where the number begins that follows a word directly, as in {@code Limit: 3} or {@code Requested ~3}; else -1. */
    private static int numberAt(String text, int from) {
        int at = from;
        while (at < text.length()
                && at - from <= 4
                && (Scan.space(text.charAt(at)) || ":=~".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        return at > from && at < text.length() && Scan.digit(text.charAt(at)) ? at : -1;
    }

    private static double number(String text, int from) {
        double value = 0;
        double place = 0;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (Scan.digit(c)) {
                value = place == 0 ? value * 10 + (c - '0') : value + (c - '0') * place;
                place /= 10;
            } else if (c == '.' && place == 0) {
                place = 0.1;
            } else if (c != ',' || place != 0 || at + 1 == text.length() || !Scan.digit(text.charAt(at + 1))) {
                break;
            }
        }
        return value;
    }

    /** No word follows the number: "limit: 0, model: x" and not "limit: 0 requests left". */
    private static boolean endsThere(String text, int number) {
        int at = DurationText.numberEnd(text, number);
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at == text.length() || (!Scan.word(text.charAt(at)) && "-%".indexOf(text.charAt(at)) < 0);
    }
}
