package io.sluice.cli;

import java.util.Locale;

/**
 * What a model says, as a terminal shows it: several lines, and what is written together stays so, but nothing that a terminal
 * would obey or that turns the direction of writing around.
 */
final class AnswerText {

    private AnswerText() {}

    /** The text, or a piece of one, with such characters written as {@code \}{@code u001b}. */
    static String of(String text) {
        if (text.chars().noneMatch(AnswerText::isObeyed)) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (isObeyed(c)) {
                plain.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                plain.append((char) c);
            }
        });
        return plain.toString();
    }

    private static boolean isObeyed(int c) {
        boolean turns = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
        return turns || (Character.isISOControl(c) && c != '\n' && c != '\t');
    }
}
