package io.sluice.loopcheck;

import java.util.List;

/** What a program is called with: options and the rest, as texts. */
record Arguments(List<String> texts) {

    /** Whether one of the options is there, alone or with {@code =value}. */
    boolean has(String... options) {
        for (String text : texts) {
            for (String option : options) {
                if (text.equals(option) || text.startsWith(option + "=")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether a text is part of some argument, in any case. */
    boolean mentions(String part) {
        return texts.stream()
                .anyMatch(text -> text.toLowerCase(java.util.Locale.ROOT).contains(part));
    }

    /**
     * Whether a one-letter option is there, alone or among others.
     *
     * @param withValue the letters after which the rest of the argument is a value
     */
    boolean hasLetter(char letter, String withValue) {
        for (String text : texts) {
            if (text.length() < 2 || text.charAt(0) != '-' || text.charAt(1) == '-') {
                continue;
            }
            for (int i = 1; i < text.length(); i++) {
                if (text.charAt(i) == letter) {
                    return true;
                }
                if (withValue.indexOf(text.charAt(i)) >= 0) {
                    break;
                }
            }
        }
        return false;
    }

    /** The words that are no options, joined by blanks. */
    String words() {
        return String.join(
                " ", texts.stream().filter(text -> !text.startsWith("-")).toList());
    }
}
