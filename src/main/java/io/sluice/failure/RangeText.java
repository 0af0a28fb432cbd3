package io.sluice.failure;

import org.jspecify.annotations.Nullable;

/** Two durations of which either may be right: {@code 10-20 seconds}, {@code 10 to 20 s}, {@code 30s to 2m}. */
final class RangeText {

    private RangeText() {}

    /**
     * The longer of the two; {@link Nanos#NONE} where no second one follows.
     *
     * @param text in lower case
     * @param number where the first number begins
     * @param first what was read there; null where it is a number without a unit
     */
    static long longest(String text, int number, @Nullable DurationText first) {
        int end = first == null ? DurationText.numberEnd(text, number) : first.end();
        int second = secondStart(text, end);
        DurationText other = second < 0 || end == number ? null : DurationText.read(text, second);
        if (other == null) {
            return Nanos.NONE;
        }
        if (first != null) {
            return Math.max(first.nanos(), other.nanos());
        }
        long unit = DurationText.unitAfter(text, DurationText.numberEnd(text, second));
        return Math.max(DurationText.value(text, number, end, unit), other.nanos());
    }

    /** Where the second number begins, behind a dash or "to"; -1 where there is none. */
    private static int secondStart(String text, int end) {
        int mark = Scan.spacesEnd(text, end);
        if (mark == text.length()) {
            return -1;
        }
        boolean dash = "-\u2013\u2014~".indexOf(text.charAt(mark)) >= 0;
        if (!dash && !(mark > end && (text.startsWith("to ", mark) || text.startsWith("or ", mark)))) {
            return -1;
        }
        int second = Scan.spacesEnd(text, mark + (dash ? 1 : 2));
        return second < text.length() && Scan.digit(text.charAt(second)) ? second : -1;
    }
}
