package io.sluice.failure;

import org.jspecify.annotations.Nullable;

/** A duration of ISO 8601 in lower case: {@code pt30s}, {@code pt1m2.5s}, {@code p1dt2h}, {@code p2w}. */
final class IsoDuration {

    private static final int MOST_PARTS = 8;

    private IsoDuration() {}

    /** The duration that begins at {@code from}; null where there is none. */
    static @Nullable DurationText read(String text, int from) {
        long sum = 0;
        boolean time = false;
        int parts = 0;
        int at = from + 1;
        while (parts <= MOST_PARTS) {
            if (!time && text.startsWith("t", at)) {
                time = true;
                at++;
            }
            int number = DurationText.numberEnd(text, at);
            long unit = number > at && number < text.length() ? unit(text.charAt(number), time) : 0;
            long part = unit == 0 ? Nanos.NONE : DurationText.value(text, at, number, unit);
            if (part == Nanos.NONE) {
                break;
            }
            sum = Nanos.sum(sum, part);
            parts++;
            at = number + 1;
        }
        return parts == 0 || DurationText.runsOn(text, at) ? null : new DurationText(sum, at);
    }

    private static long unit(char letter, boolean time) {
        return switch (letter) {
            case 'w' -> time ? 0 : 7 * Nanos.DAY;
            case 'd' -> time ? 0 : Nanos.DAY;
            case 'h' -> time ? Nanos.HOUR : 0;
            case 'm' -> time ? Nanos.MINUTE : 30 * Nanos.DAY;
            case 's' -> time ? Nanos.SECOND : 0;
            default -> 0;
        };
    }
}
