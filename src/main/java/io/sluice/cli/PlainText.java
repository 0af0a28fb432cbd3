package io.sluice.cli;

import java.util.Locale;

/** Text that a terminal shows and does not obey: one line, whatever a file or an argument contained. */
final class PlainText {

    private PlainText() {}

    /** The text, with control, format and separator characters and halves of characters written as {@code \}{@code u001b}. */
    static String of(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            if (isPlain(character)) {
                plain.appendCodePoint(character);
            } else {
                for (char half : Character.toChars(character)) {
                    plain.append(String.format(Locale.ROOT, "\\u%04x", (int) half));
                }
            }
        });
        return plain.toString();
    }

    private static boolean isPlain(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
