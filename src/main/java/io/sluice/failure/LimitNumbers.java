package io.sluice.failure;

/**
 * What an error's words say about numbers: {@code Limit 30000, Requested 80715} never fits, and {@code limit: 0} fits
 * nothing, whatever hint stands beside it.
 */
final class LimitNumbers {

    private static final int MOST_DIGITS = 40;

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
                    // A number that is not understood is no limit either.
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

    /** The number with its thousands or millions; -1 where something else belongs to it. */
    private static double number(String text, int from) {
        int end = DurationText.numberEnd(text, from);
        String digits = text.substring(from, Math.min(end, from + MOST_DIGITS)).replace(",", "");
        double value = Double.parseDouble(digits);
        if (end == text.length() || !Scan.word(text.charAt(end))) {
            return value;
        }
        boolean oneLetter = end + 1 == text.length() || !Scan.word(text.charAt(end + 1));
        double times = switch (text.charAt(end)) {
            case 'k' -> 1e3;
            case 'm' -> 1e6;
            case 'b' -> 1e9;
            default -> -1;
        };
        return oneLetter && times > 0 ? value * times : -1;
    }

    /** No word follows the number: "limit: 0, model: x" and not "limit: 0 requests left", nor "0/60 remaining". */
    private static boolean endsThere(String text, int number) {
        int at = Scan.spacesEnd(text, DurationText.numberEnd(text, number));
        if (at == text.length()) {
            return true;
        }
        if (text.charAt(at) == '/') {
            int next = Scan.spacesEnd(text, at + 1);
            return next == text.length() || !Scan.digit(text.charAt(next));
        }
        boolean newLine = text.substring(number, at).indexOf('\n') >= 0;
        return newLine || (!Scan.word(text.charAt(at)) && "-%".indexOf(text.charAt(at)) < 0);
    }
}
