package io.sluice.approval;

/** A text of anybody's as it may stand in a header, a list or a log: on one line, bounded, nothing that moves the cursor. */
final class OneLine {

    private OneLine() {}

    /**
     * @param most how many characters at most; one that is cut ends in an ellipsis
     */
    static String of(String text, int most) {
        StringBuilder line = new StringBuilder();
        int count = 0;
        boolean gap = false;
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (isBlank(character)) {
                gap = !line.isEmpty();
                continue;
            }
            int needed = gap ? 2 : 1;
            if (count + needed > most) {
                // The last character gives its place to the ellipsis.
                line.setLength(line.offsetByCodePoints(line.length(), count == most ? -1 : 0));
                return line.toString().stripTrailing() + "…";
            }
            line.append(gap ? " " : "").appendCodePoint(character);
            count += needed;
            gap = false;
        }
        return line.toString();
    }

    private static boolean isBlank(int character) {
        int type = Character.getType(character);
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED;
    }
}
